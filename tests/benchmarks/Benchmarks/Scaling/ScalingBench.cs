using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Net.Client;
using IntraDA.Artifacts.Store;
using IntraDA.Benchmarks.Frame;
using IntraDA.Benchmarks.Torch;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Images;
using IntraDA.Gateway;
using IntraDA.Gateway.Segmenters;
using IntraDA.Hosting;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Networks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntraDA.Benchmarks.Scaling;

/// <summary>
/// The work of a workflow's score stage, label maps included, on two segmenters against one: each a process of one thread of torch, with a core of
/// its own or with those that are free; the gateway in this process. Says something only where two cores are free.
/// </summary>
internal sealed class ScalingBench : IBench
{
    private const int Classes = 19;
    private const int Distinct = 32;

    private static readonly Case[] Cases =
    [
        new("resnet101", Architectures.ResNet101, 512, 256, Images: 32),
        new("compact", Architectures.Compact, 160, 96, Images: 384),
    ];

    /// <inheritdoc />
    public string Name => "scaling";

    /// <inheritdoc />
    public async Task<BenchResult> RunAsync(BenchArguments arguments, BenchSession session, CancellationToken cancellationToken)
    {
        var model = arguments.Choice("model", "both", "resnet101", "compact");
        var own = arguments.Choice("cores", "own", "shared") == "own";
        arguments.RefuseRest();
        if (Environment.ProcessorCount < 2)
        {
            throw new BenchException("Two segmenters need two cores, and this machine has one.");
        }

        var store = Path.Combine(session.Folder, "store");
        var first = await SegmenterChild.StartAsync(store, own ? 0 : null, cancellationToken).ConfigureAwait(false);
        await using var one = first.ConfigureAwait(false);
        var second = await SegmenterChild.StartAsync(store, own ? 1 : null, cancellationToken).ConfigureAwait(false);
        await using var two = second.ConfigureAwait(false);
        var plain = await Way.StartAsync("plain", store, [first], cancellationToken).ConfigureAwait(false);
        await using var alone = plain.ConfigureAwait(false);
        var ours = await Way.StartAsync("ours", store, [first, second], cancellationToken).ConfigureAwait(false);
        await using var together = ours.ConfigureAwait(false);
        var cases = new List<(string Name, BenchResult Result)>();
        foreach (var each in Cases.Where(c => model == "both" || c.Name == model))
        {
            session.Note($"{each.Name}: {each.Images} images of {each.Width}x{each.Height} a run");
            cases.Add((each.Name, await MeasureAsync(each, store, plain, ours, session, cancellationToken).ConfigureAwait(false)));
        }

        return BenchResult.OfCases(
            cases,
            new JsonObject
            {
                ["model"] = model,
                ["segmenters"] = new JsonObject { ["plain"] = 1, ["ours"] = 2 },
                ["threads_each"] = 1,
                ["cores"] = own ? "one for each segmenter" : "shared",
            });
    }

    private static async Task<BenchResult> MeasureAsync(
        Case one, string store, Way plain, Way ours, BenchSession session, CancellationToken cancellationToken)
    {
        var network = SeededNetworks.Build(one.Architecture, Classes, one.Width, one.Height);
        var checkpoint = await NetworkCheckpoint.SaveAsync(
            new LocalArtifactStore(store, TimeProvider.System),
            $"{one.Name}.safetensors",
            network,
            SeededNetworks.Describe(network, one.Width, one.Height),
            cancellationToken).ConfigureAwait(false);
        network.Dispose();
        var dataset = await plain.RegisterAsync(one.Name, Draw(session, one), cancellationToken).ConfigureAwait(false);
        var (plainUse, ourUse) = (new List<double>(), new List<double>());
        var times = await session.MeasureAsync(
            async token => plainUse.Add(await plain.ScoreAsync(checkpoint, dataset, token).ConfigureAwait(false)),
            async token => ourUse.Add(await ours.ScoreAsync(checkpoint, dataset, token).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
        // The work is done by the children: their time, and without the warm-up.
        times = times with { ProcessorSeconds = (PairedTimes.Median(plainUse.Skip(1)), PairedTimes.Median(ourUse.Skip(1))) };
        return new BenchResult(
            times,
            new BenchAgreement(plain.Table == ours.Table, new JsonObject { ["score_tables_equal"] = plain.Table == ours.Table }),
            new JsonObject { ["network"] = one.Architecture, ["width"] = one.Width, ["height"] = one.Height, ["images_per_run"] = one.Images })
        {
            Figures = new JsonObject
            {
                ["time_share"] = Math.Round(times.OursMedian / times.PlainMedian, 3),
                ["images_per_second"] = new JsonObject
                {
                    ["plain"] = Math.Round(one.Images / times.PlainMedian, 2),
                    ["ours"] = Math.Round(one.Images / times.OursMedian, 2),
                },
            },
        };
    }

    private static string Draw(BenchSession session, Case one)
    {
        var folder = Path.Combine(session.Folder, $"scenes-{one.Name}");
        var to = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        var distinct = Enumerable.Range(0, Math.Min(one.Images, Distinct))
            .Select(i => ImageEncoder.EncodePng(new RgbImage(one.Width, one.Height, SeededNetworks.Scene(one.Width, one.Height, 100 + i).Rgb))).ToList();
        for (var i = 0; i < one.Images; i++)
        {
            File.WriteAllBytes(Path.Combine(to, $"{i:d6}.png"), distinct[i % distinct.Count]);
        }

        var names = Enumerable.Range(0, Classes).Select(i => $"class {i}");
        File.WriteAllText(Path.Combine(folder, "classes.json"), JsonSerializer.Serialize(new { names }));
        return folder;
    }

    private sealed record Case(string Name, string Architecture, int Width, int Height, int Images);

    // A gateway with its segmenters.
    private sealed class Way : IAsyncDisposable
    {
        private readonly string _name;
        private readonly WebApplication _gateway;
        private readonly IReadOnlyList<SegmenterChild> _segmenters;
        private int _runs;

        private Way(string name, WebApplication gateway, IReadOnlyList<SegmenterChild> segmenters) =>
            (_name, _gateway, _segmenters) = (name, gateway, segmenters);

        /// <summary>Digest of the last table.</summary>
        public string Table { get; private set; } = "";

        public static async Task<Way> StartAsync(
            string name, string store, IReadOnlyList<SegmenterChild> segmenters, CancellationToken cancellationToken)
        {
            var gateway = GatewayApplication.Create(
            [
                "--Store:Kind", "Local", "--Store:Directory", store, "--Listen", "http://127.0.0.1:0", "--Web:Listen", "http://127.0.0.1:0",
                "--Logging:LogLevel:Default", "Warning", "--Workflows:ReconnectSeconds", "10", "--Services:Ranker", "http://127.0.0.1:1", "--Services:Trainers:0", "http://127.0.0.1:1",
                .. segmenters.SelectMany((segmenter, i) => new[] { $"--Services:Segmenters:{i}", segmenter.Address }),
            ]);
            await gateway.StartAsync(cancellationToken).ConfigureAwait(false);
            return new Way(name, gateway, segmenters);
        }

        public async Task<Artifact> RegisterAsync(string name, string folder, CancellationToken cancellationToken)
        {
            using var channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(_gateway));
            var response = await new GatewayService.GatewayServiceClient(channel).RegisterDatasetAsync(
                new RegisterDatasetRequest { Name = name, Directory = new DirectoryDataset { Path = folder, Layout = "plain", IgnoreLabels = true } },
                cancellationToken: cancellationToken).ConfigureAwait(false);
            return response.Dataset.Manifest;
        }

        /// <summary>Scores, and tells the processor time of gateway and segmenters, seconds.</summary>
        public async Task<double> ScoreAsync(Artifact checkpoint, Artifact dataset, CancellationToken cancellationToken)
        {
            var run = $"{_name}-{_runs++}";
            var before = Used();
            // The salt keeps a run from finding the pieces of the one before.
            var job = new ScoringJob(checkpoint, dataset, $"scores/{run}", LabelMaps: true, ConfidenceMaps: false, Salt: run, Planned: null);
            try
            {
                var report = await _gateway.Services.GetRequiredService<ScoringFanOut>()
                    .RunAsync(job, _ => { }, (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
                Table = report.ScoreTable.Sha256;
                return Used() - before;
            }
            catch (ServiceException e)
            {
                throw new BenchException(e.Message);
            }

            double Used() => Environment.CpuUsage.TotalTime.TotalSeconds + _segmenters.Sum(segmenter => segmenter.ProcessorSeconds);
        }

        public async ValueTask DisposeAsync()
        {
            await _gateway.StopAsync().ConfigureAwait(false);
            await _gateway.DisposeAsync().ConfigureAwait(false);
        }
    }
}
