using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IntraDA.Artifacts.Store;
using IntraDA.Benchmarks.Frame;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Benchmarks.Store;

/// <summary>A checkpoint from a file to the store and back into a file: boto3 against the artefact store, on one server.</summary>
internal sealed class StoreBench : IBench
{
    private const string Key = "bench/intrada.bin";

    /// <inheritdoc />
    public string Name => "store";

    /// <inheritdoc />
    public async Task<BenchResult> RunAsync(BenchArguments arguments, BenchSession session, CancellationToken cancellationToken)
    {
        var megabytes = arguments.Integer("size-mb", 200, 1, 10_000);
        var endpoint = arguments.Text("endpoint", "");
        arguments.RefuseRest();
        var (source, plainTarget, ourTarget) = (File("source.bin"), File("plain.bin"), File("ours.bin"));
        await WriteAsync(source, megabytes, cancellationToken).ConfigureAwait(false);
        session.Note(endpoint.Length > 0 ? $"measuring against {endpoint}" : "starting an S3 server");
        var server = await BenchServer.OpenAsync(endpoint, session.Folder, cancellationToken).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            using var store = new S3ArtifactStore(server.Options, TimeProvider.System);
            Artifact? stored = null;
            var (put, get) = (new List<double>(), new List<double>());

            // The store makes the bucket that boto3 needs.
            await store.GetSizeAsync(Key, cancellationToken).ConfigureAwait(false);
            using var boto3 = await Boto3.StartAsync(server.Options, source, plainTarget, session.Folder, cancellationToken).ConfigureAwait(false);
            var (plainPut, plainGet, plainBusy) = (new List<double>(), new List<double>(), new List<double>());
            var times = await session.MeasureAsync(
                async token =>
                {
                    var sent = await boto3.RunAsync("put", token).ConfigureAwait(false);
                    var received = await boto3.RunAsync("get", token).ConfigureAwait(false);
                    plainPut.Add(sent.Wall);
                    plainGet.Add(received.Wall);
                    plainBusy.Add(sent.Processor + received.Processor);
                },
                async token =>
                {
                    var begin = TimeProvider.System.GetTimestamp();
                    stored = await PutAsync(store, source, token).ConfigureAwait(false);
                    var middle = TimeProvider.System.GetTimestamp();
                    await store.DownloadAsync(stored, ourTarget, token).ConfigureAwait(false);
                    put.Add(TimeProvider.System.GetElapsedTime(begin, middle).TotalSeconds);
                    get.Add(TimeProvider.System.GetElapsedTime(middle).TotalSeconds);
                },
                cancellationToken).ConfigureAwait(false);

            // The frame sees this process only; boto3 computes in its own.
            times = times with { ProcessorSeconds = times.ProcessorSeconds is { } busy ? (PairedTimes.Median(plainBusy.Skip(1)), busy.Ours) : null };
            var expected = await DigestAsync(source, cancellationToken).ConfigureAwait(false);
            var facts = new JsonObject
            {
                ["boto3_bytes_equal"] = await DigestAsync(plainTarget, cancellationToken).ConfigureAwait(false) == expected,
                ["our_bytes_equal"] = await DigestAsync(ourTarget, cancellationToken).ConfigureAwait(false) == expected,
                ["our_digest_equal"] = stored!.Sha256 == expected,
            };
            return new BenchResult(
                times,
                new BenchAgreement(facts.All(fact => fact.Value!.GetValue<bool>()), facts),
                new JsonObject { ["size_mb"] = megabytes, ["boto3"] = boto3.Version, ["server"] = endpoint.Length > 0 ? endpoint : "Ceph RADOS Gateway, in memory, this machine" })
            {
                Figures = new JsonObject
                {
                    ["put_s"] = Medians(plainPut, put),
                    ["get_s"] = Medians(plainGet, get),
                },
            };
        }

        string File(string name) => Path.Combine(session.Folder, name);
    }

    private static JsonObject Medians(IEnumerable<double> plain, IEnumerable<double> ours) => new()
    {
        // The first run of each is the warm-up.
        ["plain"] = Math.Round(PairedTimes.Median(plain.Skip(1)), 3),
        ["ours"] = Math.Round(PairedTimes.Median(ours.Skip(1)), 3),
    };

    private static async Task<Artifact> PutAsync(S3ArtifactStore store, string path, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            return await store.PutAsync(Key, file, "application/octet-stream", cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(string path, int megabytes, CancellationToken cancellationToken)
    {
        var random = new Random(7);
        var bytes = new byte[1_000_000];
        var file = System.IO.File.Create(path);
        await using (file.ConfigureAwait(false))
        {
            for (var i = 0; i < megabytes; i++)
            {
                random.NextBytes(bytes);
                await file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<string> DigestAsync(string path, CancellationToken cancellationToken)
    {
        var file = System.IO.File.OpenRead(path);
        await using (file.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
        }
    }
}
