using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Benchmarks.Frame;

namespace IntraDA.Benchmarks.Ranking;

/// <summary>
/// A score table to its ranking and split: reading the table, sorting all rows and writing them, against the ranker. Each run is a
/// process of its own, so that each has the peak of its own memory.
/// </summary>
internal sealed class RankingBench : IBench
{
    /// <summary>First word of the command line of a run's process.</summary>
    public const string PartName = "ranking-part";

    private const double Lambda = 0.67;
    private const int Seed = 20_200_614;
    private const double MemoryBound = 1.5e9;

    /// <inheritdoc />
    public string Name => "ranking";

    /// <inheritdoc />
    public async Task<BenchResult> RunAsync(BenchArguments arguments, BenchSession session, CancellationToken cancellationToken)
    {
        var rows = arguments.Integer("rows", 10_000_000, 1, 100_000_000);
        arguments.RefuseRest();
        var table = Path.Combine(session.Folder, "scores.parquet");
        session.Note($"writing a table of {rows} scores");
        await WriteTableAsync(table, rows, cancellationToken).ConfigureAwait(false);

        var plain = new Run("plain", table, Directory.CreateDirectory(Path.Combine(session.Folder, "plain")).FullName);
        var ours = new Run("ours", table, Directory.CreateDirectory(Path.Combine(session.Folder, "ours")).FullName);
        var times = await session.MeasureAsync(plain.StartAsync, ours.StartAsync, cancellationToken).ConfigureAwait(false);
        times = times with { ProcessorSeconds = (plain.ProcessorSeconds, ours.ProcessorSeconds) };
        var facts = await CompareAsync(plain.Folder, ours.Folder, cancellationToken).ConfigureAwait(false);
        facts["peak_under_1500_mb"] = ours.PeakBytes < MemoryBound;
        return new BenchResult(
            times,
            new BenchAgreement(facts.All(fact => fact.Value!.GetValueKind() != System.Text.Json.JsonValueKind.False), facts),
            new JsonObject { ["rows"] = rows, ["lambda"] = Lambda, ["table_mb"] = Megabytes(new FileInfo(table).Length) })
        {
            Figures = new JsonObject
            {
                ["peak_mb"] = new JsonObject { ["plain"] = Megabytes(plain.PeakBytes), ["ours"] = Megabytes(ours.PeakBytes) },
            },
        };
    }

    private static double Megabytes(long bytes) => Math.Round(bytes / 1e6, 1);

    private static async Task WriteTableAsync(string path, int rows, CancellationToken cancellationToken)
    {
        var random = new Random(Seed);
        var present = new byte[3];
        var file = File.Create(path);
        await using (file.ConfigureAwait(false))
        {
            // Nine digits, so that a few of ten million scores are equal and ties are part of the work.
            await ScoreTable.WriteAsync(
                file,
                Enumerable.Range(0, rows).Select(i =>
                {
                    var score = Math.Round(random.NextDouble() / 19, 9);
                    return new ScoreRow($"city_{i / 100_000:D3}/city_{i / 100_000:D3}_{i / 30 % 3334:D6}_{i % 30:D6}_leftImg8bit", score, score * 19, present);
                }),
                cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<JsonObject> CompareAsync(string plain, string ours, CancellationToken cancellationToken)
    {
        var facts = new JsonObject();
        foreach (var name in new[] { RankingPart.EasyName, RankingPart.HardName })
        {
            facts[name] = await SameBytesAsync(Path.Combine(plain, name), Path.Combine(ours, name), cancellationToken).ConfigureAwait(false);
        }

        facts[RankingPart.TableName] = await RankingFiles.SameAsync(
            Path.Combine(plain, RankingPart.TableName), Path.Combine(ours, RankingPart.TableName), cancellationToken).ConfigureAwait(false);
        return facts;
    }

    private static async Task<bool> SameBytesAsync(string one, string other, CancellationToken cancellationToken)
    {
        var first = File.OpenRead(one);
        await using (first.ConfigureAwait(false))
        {
            var second = File.OpenRead(other);
            await using (second.ConfigureAwait(false))
            {
                var (a, b) = (new byte[1 << 20], new byte[1 << 20]);
                while (true)
                {
                    var count = await first.ReadAtLeastAsync(a, a.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                    var otherCount = await second.ReadAtLeastAsync(b, b.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                    if (!a.AsSpan(0, count).SequenceEqual(b.AsSpan(0, otherCount)))
                    {
                        return false;
                    }

                    if (count < a.Length)
                    {
                        return true;
                    }
                }
            }
        }
    }

    private sealed class Run(string way, string table, string folder)
    {
        private readonly List<double> _processorSeconds = [];

        public string Folder => folder;

        public long PeakBytes { get; private set; }

        /// <summary>Median over the runs after the warm-up.</summary>
        public double ProcessorSeconds => PairedTimes.Median(_processorSeconds.Skip(1));

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
            var start = new ProcessStartInfo(
                dotnet, [typeof(RankingBench).Assembly.Location, PartName, way, table, folder, Lambda.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start) ?? throw new BenchException("A run cannot be started as a process.");
            try
            {
                var output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                if (process.ExitCode != 0 || output.Split(' ') is not [var peak, var seconds])
                {
                    throw new BenchException($"The {way} run ended with code {process.ExitCode}.");
                }

                PeakBytes = Math.Max(PeakBytes, long.Parse(peak, CultureInfo.InvariantCulture));
                _processorSeconds.Add(double.Parse(seconds, CultureInfo.InvariantCulture));
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }
}
