using Grpc.Core;
using Grpc.Net.Client;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;
using ScoreDatasetRequest = IntraDA.Contracts.Gateway.V1.ScoreDatasetRequest;

namespace IntraDA.Durability.Tests.Scaling;

/// <summary>A gateway and segmenters of one thread, each in a process of its own, over one store.</summary>
internal sealed class ScoringServices : IAsyncDisposable
{
    /// <summary>Name of the data set that is scored.</summary>
    public const string Dataset = "crowd";

    private readonly StoreFolder _store = new();
    private readonly ServiceProcess _gateway;
    private readonly GrpcChannel _channel;

    private ScoringServices(int segmenters)
    {
        Segmenters =
        [
            .. Enumerable.Range(0, segmenters).Select(_ => new ServiceProcess(
                Service.Segmenter, Places.FreePort(), [.. _store.Options, "--Segmenter:Threads", "1"])),
        ];
        _gateway = new ServiceProcess(
            Service.Gateway,
            Places.FreePort(),
            [
                .. _store.Options, "--Web:Listen", $"http://127.0.0.1:{Places.FreePort()}",
                // A segmenter that is ready after the gateway's first look has its share, too.
                "--Workflows:TrainerPollSeconds", "0.2",
                .. Segmenters.SelectMany((segmenter, i) => new[] { $"--Services:Segmenters:{i}", segmenter.Address }),
            ]);
        _channel = GrpcChannel.ForAddress(_gateway.Address);
    }

    public IReadOnlyList<ServiceProcess> Segmenters { get; }

    /// <summary>All that the gateway has said.</summary>
    public string GatewayMessages => _gateway.Messages;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts them, and registers a set of images under <see cref="Dataset"/>.</summary>
    public static async Task<ScoringServices> StartAsync(int segmenters, string folder)
    {
        var services = new ScoringServices(segmenters);
        try
        {
            ServiceProcess[] all = [services._gateway, .. services.Segmenters];
            foreach (var process in all)
            {
                process.Start();
            }

            await Task.WhenAll(all.Select(process => process.ReadyAsync()));
            await new GatewayService.GatewayServiceClient(services._channel).RegisterDatasetAsync(
                new RegisterDatasetRequest { Name = Dataset, Directory = new DirectoryDataset { Path = folder, Layout = "plain", IgnoreLabels = true } },
                cancellationToken: Token).ResponseAsync.Within();
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>A network in their store.</summary>
    public Task<Artifact> NetworkAsync(int side) =>
        SmallNetwork.SaveAsync(new LocalArtifactStore(_store.Path, TimeProvider.System), side);

    /// <summary>Scores the set to its end.</summary>
    public async Task<ScoreReport> ScoreAsync(Artifact network)
    {
        var request = new ScoreDatasetRequest { Model = new WorkflowModel { Checkpoint = network }, Dataset = Dataset };
        using var call = new GatewayService.GatewayServiceClient(_channel).ScoreDataset(
            request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(3), cancellationToken: Token);
        ScoreReport? report = null;
        await foreach (var message in call.ResponseStream.ReadAllAsync(Token))
        {
            report = message.Result.Report ?? report;
        }

        return report ?? throw new InvalidOperationException($"There was no report.\n{GatewayMessages}");
    }

    /// <summary>When each finished piece was recorded as finished, by its folder.</summary>
    public IReadOnlyDictionary<string, DateTime> FinishedPieces()
    {
        var shards = Path.Combine(_store.Path, "shards");
        return Directory.Exists(shards)
            ? Directory.GetFiles(shards, "report.json", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc)
            : new Dictionary<string, DateTime>();
    }

    /// <summary>Pieces that a segmenter says it has scored to their end, in all of its lives.</summary>
    public static int ScoredBy(ServiceProcess segmenter) =>
        segmenter.Messages.Split('\n').Count(line => line.Contains("Scored ", StringComparison.Ordinal));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        foreach (var process in (ServiceProcess[])[_gateway, .. Segmenters])
        {
            await process.DisposeAsync();
        }

        _store.Dispose();
    }
}
