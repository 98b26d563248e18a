using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Images;
using IntraDA.Hosting;
using IntraDA.Hosting.Channels;
using IntraDA.Hosting.Options;
using IntraDA.Ranker;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IntraDA.Gateway.Tests.Ensemble;

/// <summary>A real gateway and a real ranker on loopback with a small trainer, a small segmenter and one store.</summary>
internal sealed class TestEnsemble : IAsyncDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("intrada-gateway-").FullName;
    private readonly GrpcChannels _channels = new(new ServiceHostOptions());
    private readonly List<WebApplication> _apps = [];
    private WebApplication? _trainer;
    private WebApplication? _segmenter;
    private string _segmenterAddress = "";
    private string _rankerAddress = "";

    private TestEnsemble()
    {
    }

    public TrainerBehaviour Trainer { get; } = new();

    public SegmenterBehaviour Segmenter { get; } = new();

    public WebApplication Gateway { get; private set; } = null!;

    public string TrainerAddress { get; private set; } = "";

    public string SegmenterAddress => _segmenterAddress;

    public GatewayService.GatewayServiceClient Client => ClientOf(Gateway);

    public IArtifactStore Store => Gateway.Services.GetRequiredService<IArtifactStore>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts everything and registers "source" (labelled), "target" (no labels), "val" (labelled).</summary>
    public static async Task<TestEnsemble> StartAsync(params string[] gatewayArgs)
    {
        var ensemble = new TestEnsemble();
        var ranker = await ensemble.RunAsync(RankerApplication.Create(ensemble.ArgsOf("http://127.0.0.1:0")));
        ensemble._rankerAddress = ServiceHost.AddressOf(ranker);
        await ensemble.StartSegmenterAsync("http://127.0.0.1:0");
        await ensemble.StartTrainerAsync("http://127.0.0.1:0");
        ensemble.Gateway = await ensemble.StartGatewayAsync(gatewayArgs);
        await ensemble.RegisterAsync("source", images: 3, labelled: true);
        await ensemble.RegisterAsync("target", images: 6, labelled: false);
        await ensemble.RegisterAsync("val", images: 3, labelled: true);
        return ensemble;
    }

    public static WorkflowSpec Spec() => new()
    {
        Source = "source",
        Target = "target",
        Validation = "val",
        SourceOptions = new TrainingOptions { Method = AdaptationMethod.SourceOnly, Iterations = 10 },
        InterOptions = new TrainingOptions { Method = AdaptationMethod.Advent, Iterations = 20 },
        IntraOptions = new TrainingOptions { Method = AdaptationMethod.Advent, Iterations = 5 },
    };

    public GatewayService.GatewayServiceClient ClientOf(WebApplication gateway) => new(_channels.For(ServiceHost.AddressOf(gateway)));

    public Task<WebApplication> StartGatewayAsync(params string[] args) => RunAsync(GatewayApplication.Create(
    [
        .. ArgsOf("http://127.0.0.1:0"),
        "--Web:Listen", "http://127.0.0.1:0",
        "--Services:Segmenter", _segmenterAddress,
        "--Services:Ranker", _rankerAddress,
        "--Services:Trainers:0", TrainerAddress,
        "--Workflows:ScanSeconds", "0.2",
        "--Workflows:ReconnectSeconds", "20",
        .. args,
    ]));

    /// <summary>Ends the trainer and starts it anew on its port; it has forgotten its jobs.</summary>
    public async Task RestartTrainerAsync()
    {
        await _trainer!.StopAsync(Token).Within();
        _apps.Remove(_trainer);
        await _trainer.DisposeAsync();
        await StartTrainerAsync(TrainerAddress);
    }

    /// <summary>Starts a segmenter that behaves in some way.</summary>
    public Task<WebApplication> StartSegmenterAsync(SegmenterBehaviour behaviour, string listen = "http://127.0.0.1:0")
    {
        var builder = ServiceHost.CreateBuilder("small-segmenter", ArgsOf(listen));
        builder.Services.AddSingleton(behaviour).AddSingleton<SmallSegmenter>();
        var segmenter = builder.Build();
        segmenter.MapGrpcService<SmallSegmenter>();
        ServiceHost.MapDefaults(segmenter);
        return RunAsync(segmenter);
    }

    /// <summary>Ends the segmenter.</summary>
    public Task StopSegmenterAsync() => StopAsync(_segmenter!);

    /// <summary>Starts the segmenter that was ended, on its port.</summary>
    public Task StartSegmenterAsync() => StartSegmenterAsync(_segmenterAddress);

    public async Task StopAsync(WebApplication app)
    {
        await app.StopAsync(Token).Within();
        await app.DisposeAsync();
        _apps.Remove(app);
    }

    public async Task<Workflow> CreateAsync(WorkflowSpec spec, string requestId = "") =>
        (await Client.CreateWorkflowAsync(new CreateWorkflowRequest { Spec = spec, RequestId = requestId }, cancellationToken: Token)
            .ResponseAsync.Within()).Workflow;

    public async Task<Workflow> GetAsync(string id) =>
        (await Client.GetWorkflowAsync(new GetWorkflowRequest { WorkflowId = id }, cancellationToken: Token).ResponseAsync.Within()).Workflow;

    /// <summary>Watches a workflow to its end.</summary>
    public async Task<List<WatchWorkflowResponse>> WatchAsync(string id, ulong after = 0, GatewayService.GatewayServiceClient? client = null)
    {
        using var call = (client ?? Client).WatchWorkflow(
            new WatchWorkflowRequest { WorkflowId = id, AfterSequence = after }, cancellationToken: Token);
        var events = new List<WatchWorkflowResponse>();
        while (await call.ResponseStream.MoveNext(Token).Within())
        {
            events.Add(call.ResponseStream.Current);
        }

        return events;
    }

    public async Task<Workflow> FinishAsync(string id) => (await WatchAsync(id))[^1].Workflow;

    public async Task RegisterAsync(string name, int images, bool labelled, string classes = "\"road\", \"car\", \"sky\"", int width = 40, string rare = "1")
    {
        var path = FolderOf(name);
        Directory.CreateDirectory(Path.Combine(path, "images"));
        await File.WriteAllTextAsync(Path.Combine(path, "classes.json"), $$"""{"names": [{{classes}}], "rare": [{{rare}}]}""", Token);
        for (var i = 0; i < images; i++)
        {
            var pixels = new byte[width * 24 * 3];
            Array.Fill(pixels, (byte)(i * 20 + name.Length));
            await File.WriteAllBytesAsync(
                Path.Combine(path, "images", $"{i}.png"), ImageEncoder.EncodePng(new RgbImage(width, 24, pixels)), Token);
            if (labelled)
            {
                Directory.CreateDirectory(Path.Combine(path, "labels"));
                await File.WriteAllBytesAsync(
                    Path.Combine(path, "labels", $"{i}.png"), ImageEncoder.EncodeGrayPng(width, 24, new byte[width * 24]), Token);
            }
        }

        await Client.RegisterDatasetAsync(
            new RegisterDatasetRequest
            {
                Name = name,
                Directory = new DirectoryDataset { Path = path, Layout = "plain", IgnoreLabels = !labelled },
            },
            cancellationToken: Token).ResponseAsync.Within();
    }

    /// <summary>Where the files of a data set lie.</summary>
    public string FolderOf(string name) => Path.Combine(_home, name);

    public async ValueTask DisposeAsync()
    {
        _channels.Dispose();
        foreach (var app in Enumerable.Reverse(_apps))
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        Directory.Delete(_home, recursive: true);
    }

    private string[] ArgsOf(string listen) => ["--Listen", listen, "--Store:Directory", Path.Combine(_home, "store")];

    private async Task StartSegmenterAsync(string listen)
    {
        _segmenter = await StartSegmenterAsync(Segmenter, listen);
        _segmenterAddress = ServiceHost.AddressOf(_segmenter);
    }

    private async Task StartTrainerAsync(string listen)
    {
        var builder = ServiceHost.CreateBuilder("small-trainer", ArgsOf(listen));
        builder.Services.AddSingleton(Trainer).AddSingleton<SmallTrainer>();
        builder.Services.AddHealthChecks().AddCheck("wants work", () => Trainer.IsHealthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        _trainer = builder.Build();
        _trainer.MapGrpcService<SmallTrainer>();
        ServiceHost.MapDefaults(_trainer);
        await RunAsync(_trainer);
        TrainerAddress = ServiceHost.AddressOf(_trainer);
    }

    private async Task<WebApplication> RunAsync(WebApplication app)
    {
        await app.StartAsync(Token).Within();
        _apps.Add(app);
        return app;
    }
}
