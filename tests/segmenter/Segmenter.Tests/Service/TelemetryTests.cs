using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Grpc.Net.Client;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Synthetic;
using IntraDA.Hosting;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Tests;
using IntraDA.Trainer.Tests.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntraDA.Segmenter.Tests.Service;

/// <summary>What a segmenter lets be seen of its work on data sets.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private TinyWorld _world = null!;
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await TinyWorld.CreateAsync();
        _app = SegmenterApplication.Create(
            ["--Listen", "http://127.0.0.1:0", "--Store:Directory", _world.Folder.FullName, "--Segmenter:Threads", "1"]);
        await _app.StartAsync(Token).Within();
        _channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(_app));
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _world.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_scoring_and_an_evaluation_are_a_line_each_with_their_workflow_and_count_their_images()
    {
        var log = new CapturedLog();
        _app.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var images = 0L;
        var meters = _app.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "intrada.images" && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref images, count));
        listener.Start();
        var client = new SegmenterService.SegmenterServiceClient(_channel);
        var model = new ModelSelector { Checkpoint = await NetworkAsync() };
        using var stage = new Activity("stage").SetBaggage("workflow", "wf-7").SetBaggage("stage", "score").Start();

        using var scoring = client.ScoreDataset(new ScoreDatasetRequest { Model = model, Dataset = _world.Target, OutputPrefix = "s" }, cancellationToken: Token);
        var report = (await scoring.ResponseStream.ReadAllAsync(Token).ToListAsync(Token)).Single(message => message.Report is not null).Report;
        Assert.Equal(4, report.Images);
        Assert.Equal(4, Interlocked.Read(ref images));
        using var evaluating = client.Evaluate(new EvaluateRequest { Model = model, Dataset = _world.Validation, OutputPrefix = "e" }, cancellationToken: Token);
        Assert.Single(await evaluating.ResponseStream.ReadAllAsync(Token).ToListAsync(Token), message => message.Report is not null);
        Assert.Equal(4 + 3, Interlocked.Read(ref images));

        Assert.Equal([("wf-7", "score")], log.Lines("Scored 4 images of 'target'"));
        Assert.Equal([("wf-7", "score")], log.Lines("Evaluated 3 images of 'validation'"));
        var info = await client.GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: Token);
        Assert.Equal((info.Service, "float32", "float32"), (report.Service, report.Precision, info.Precision));
    }

    private async Task<Contracts.Artifacts.V1.Artifact> NetworkAsync()
    {
        using var network = Architectures.Build(Architectures.Compact, StreetClasses.Names.Count, TensorPlacement.Cpu);
        WeightInitializer.Initialize(network, 1);
        var classes = (await _world.ReadAsync(_world.Validation)).Classes;
        return await NetworkCheckpoint.SaveAsync(
            _world.Store, "network.safetensors", network, new NetworkDescription(Architectures.Compact, classes, TinyWorld.Side, TinyWorld.Side), Token);
    }
}
