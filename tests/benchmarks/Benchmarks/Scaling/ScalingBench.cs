using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Net.Client;
using IntraDA.Artifacts.Store;
using IntraDA.Benchmarks.Frame;
using IntraDA.Benchmarks.Torch;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Gateway;
using IntraDA.Gateway.Segmenters;
using IntraDA.Hosting;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Networks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntraDA.Benchmarks.Scaling;

/// <summary>
/// The work of a workflow's score stage, label maps included, on two segmenters against one: each a process of one thread, the gateway in this
/// process. Says something only where two cores are free.
/// </summary>
internal sealed class ScalingBench : IBench
{
    private const int Classes = 19;
    private const int Distinct = 32;

    /// <inheritdoc />
    public string Name => "scaling";

    /// <inheritdoc />
    public async Task<BenchResult> RunAsync(BenchArguments arguments, BenchSession session, CancellationToken cancellationToken)
    {
        var images = arguments.Integer("images", 768, 64, 100_000);
        var width = arguments.Integer("width", 160, 64, 2048);
        var height = arguments.Integer("height", 96, 64, 1024);
        arguments.RefuseRest();
        if (Environment.ProcessorCount < 2)
        {
            throw new BenchException("Two segmenters need two cores, and this machine has one.");
        }

        var store = Path.Combine(session.Folder, "store");
        var first = await SegmenterChild.StartAsync(store, cancellationToken).ConfigureAwait(false);
        await using var one = first.ConfigureAwait(false);
        var second = await SegmenterChild.StartAsync(store, cancellationToken).ConfigureAwait(false);
        await using var two = second.ConfigureAwait(false);
        var plain = await Way.StartAsync("plain", store, [first], cancellationToken).ConfigureAwait(false);
        await using var alone = plain.ConfigureAwait(false);
        var ours = await Way.StartAsync("ours", store, [first, second], cancellationToken).ConfigureAwait(false);
        await using var together = ours.ConfigureAwait(false);

        var checkpoint = await SaveNetworkAsync(store, width, height, cancellationToken).ConfigureAwait(false);
        var dataset = await plain.RegisterAsync(Draw(session, images, width, height), cancellationToken).ConfigureAwait(false);
        var times = await session.MeasureAsync(
            token => plain.ScoreAsync(checkpoint, dataset, token), token => ours.ScoreAsync(checkpoint, dataset, token), cancellationToken).ConfigureAwait(false);
        times = times with { ProcessorSeconds = (plain.ProcessorSeconds, ours.ProcessorSeconds) };
        return new BenchResult(
            times,
            new BenchAgreement(plain.Table == ours.Table, new JsonObject { ["score_tables_equal"] = plain.Table == ours.Table }),
            new JsonObject
            {
                ["network"] = Architectures.Compact,
                ["width"] = width,
                ["height"] = height,
                ["images_per_run"] = images,
                ["segmenters"] = new JsonObject { ["plain"] = 1, ["ours"] = 2 },
                ["threads_each"] = 1,
            })
        {
            Figures = new JsonObject
            {
                ["time_share"] = Math.Round(times.OursMedian / times.PlainMedian, 3),
                ["images_per_second"] = new JsonObject
                {
                    ["plain"] = Math.Round(images / times.PlainMedian, 1),
                    ["ours"] = Math.Round(images / times.OursMedian, 1),
                },
            },
        };
    }

    private static Task<Artifact> SaveNetworkAsync(string store, int width, int height, CancellationToken cancellationToken)
    {
        var network = SeededNetworks.Build(Architectures.Compact, Classes, width, height);
        return NetworkCheckpoint.SaveAsync(
            new LocalArtifactStore(store, TimeProvider.System), "network.safetensors", network, SeededNetworks.Describe(network, width, height), cancellationToken);
    }

    private static string Draw(BenchSession session, int images, int width, int height)
    {
        var folder = Path.Combine(session.Folder, "scenes");
        var to = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        var distinct = Enumerable.Range(0, Distinct)
            .Select(i => ImageEncoder.EncodePng(new RgbImage(width, height, SeededNetworks.Scene(width, height, 100 + i).Rgb))).ToList();
        for (var i = 0; i < images; i++)
        {
            File.WriteAllBytes(Path.Combine(to, $"{i:d6}.png"), distinct[i % Distinct]);
        }

        var names = Enumerable.Range(0, Classes).Select(i => $"class {i}");
        File.WriteAllText(Path.Combine(folder, "classes.json"), JsonSerializer.Serialize(new { names }));
        return folder;
    }

    // A gateway with its segmenters.
    private sealed class Way : IAsyncDisposable
    {
        private readonly string _name;
        private readonly WebApplication _gateway;
        private readonly IReadOnlyList<SegmenterChild> _segmenters;
        private readonly List<double> _processorSeconds = [];
        private int _runs;

        private Way(string name, WebApplication gateway, IReadOnlyList<SegmenterChild> segmenters) =>
            (_name, _gateway, _segmenters) = (name, gateway, segmenters);

        /// <summary>Digest of the last table.</summary>
        public string Table { get; private set; } = "";

        /// <summary>Processor time of gateway and segmenters, median over the runs after the warm-up.</summary>
        public double ProcessorSeconds => PairedTimes.Median(_processorSeconds.Skip(1));

        public static async Task<Way> StartAsync(
            string name, string store, IReadOnlyList<SegmenterChild> segmenters, CancellationToken cancellationToken)
        {
            var gateway = GatewayApplication.Create(
            [
                "--Store:Kind", "Local", "--Store:Directory", store, "--Listen", "http://127.0.0.1:0", "--Web:Listen", "http://127.0.0.1:0",
                "--Logging:LogLevel:Default", "Warning", "--Services:Ranker", "http://127.0.0.1:1", "--Services:Trainers:0", "http://127.0.0.1:1",
                .. segmenters.SelectMany((segmenter, i) => new[] { $"--Services:Segmenters:{i}", segmenter.Address }),
            ]);
            await gateway.StartAsync(cancellationToken).ConfigureAwait(false);
            return new Way(name, gateway, segmenters);
        }

        public async Task<Artifact> RegisterAsync(string folder, CancellationToken cancellationToken)
        {
            using var channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(_gateway));
            var response = await new GatewayService.GatewayServiceClient(channel).RegisterDatasetAsync(
                new RegisterDatasetRequest { Name = "scenes", Directory = new DirectoryDataset { Path = folder, Layout = "plain", IgnoreLabels = true } },
                cancellationToken: cancellationToken).ConfigureAwait(false);
            return response.Dataset.Manifest;
        }

        public async Task ScoreAsync(Artifact checkpoint, Artifact dataset, CancellationToken cancellationToken)
        {
            var run = $"{_name}-{_runs++}";
            var before = Used();
            // The salt keeps a run from finding the pieces of the one before.
            var job = new ScoringJob(checkpoint, dataset, $"scores/{run}", LabelMaps: true, ConfidenceMaps: false, Salt: run, Planned: null);
            var report = await _gateway.Services.GetRequiredService<ScoringFanOut>()
                .RunAsync(job, _ => { }, (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
            _processorSeconds.Add(Used() - before);
            Table = report.ScoreTable.Sha256;

            double Used() => Environment.CpuUsage.TotalTime.TotalSeconds + _segmenters.Sum(segmenter => segmenter.ProcessorSeconds);
        }

        public async ValueTask DisposeAsync()
        {
            await _gateway.StopAsync().ConfigureAwait(false);
            await _gateway.DisposeAsync().ConfigureAwait(false);
        }
    }
}
