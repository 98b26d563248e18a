using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IntraDA.Artifacts.Store;
using Minio;
using Minio.DataModel.Args;

namespace IntraDA.Artifacts.Tests.Store;

public sealed class S3ArtifactStoreTests : ArtifactStoreContract, IClassFixture<S3Server>, IDisposable
{
    private readonly S3Server _server;
    private readonly S3ArtifactStore _store;

    public S3ArtifactStoreTests(S3Server server)
    {
        Assert.SkipWhen(server.Unavailable is not null, server.Unavailable ?? "");
        _server = server;
        _store = new S3ArtifactStore(server.Options(), TimeProvider.System);
    }

    protected override IArtifactStore Store => _store;

    public void Dispose() => _store.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_link_gives_the_bytes_to_any_client()
    {
        var artifact = await Store.PutBytesAsync(Key("report.html"), "<p>42</p>"u8.ToArray(), "text/html", Token);
        var link = await Store.CreateDownloadLinkAsync(artifact, TimeSpan.FromMinutes(1), Token);
        using var http = new HttpClient();
        using var response = await http.GetAsync(link, Token);
        Assert.Equal("<p>42</p>", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_prefixes_share_a_bucket_and_see_nothing_of_each_other()
    {
        var options = _server.Options();
        options.Prefix = Key("tenant");
        using var tenant = new S3ArtifactStore(options, TimeProvider.System);
        await tenant.PutBytesAsync("a", "1"u8.ToArray(), "text/plain", Token);

        var keys = new List<string>();
        await foreach (var key in tenant.ListAsync("", Token))
        {
            keys.Add(key);
        }

        Assert.Equal(["a"], keys);
        Assert.Equal([Key("tenant/a")], await ListAsync(Key("")));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cancelled_put_in_parts_leaves_no_parts_behind()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var source = new PatternStream(40L << 20, seekable: true) { AtByte = (20L << 20, cancellation.Cancel) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(Key("parts"), source, "text/plain", cancellation.Token));

        Assert.Empty(await UnfinishedAsync(Key("parts")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Parts_that_a_killed_writer_left_are_thrown_away_by_a_store_that_starts_later_and_no_others()
    {
        await Store.PutBytesAsync(Key("first"), "1"u8.ToArray(), "text/plain", Token);
        using (var http = new HttpClient())
        {
            var options = _server.Options();
            var signer = new S3Signer(options.AccessKey, options.SecretKey, options.Region, TimeProvider.System);
            var requests = new S3Requests(http, signer, new Uri($"http://{options.Endpoint}/{options.Bucket}/"));
            var id = await requests.BeginUploadAsync(Key("killed/parts"), "text/plain", Token);
            await requests.PutPartAsync(Key("killed/parts"), id, 1, new byte[5 << 20], () => { }, Token);
        }

        Assert.Equal([Key("killed/parts")], await UnfinishedAsync(Key("killed")));
        using (var young = new S3ArtifactStore(_server.Options(), TimeProvider.System))
        {
            await young.GetSizeAsync("any", Token);
        }

        // It may be under way for all that a store of the usual patience knows.
        Assert.Equal([Key("killed/parts")], await UnfinishedAsync(Key("killed")));
        await Task.Delay(TimeSpan.FromSeconds(3), Token);
        var elsewhere = _server.Options();
        (elsewhere.Prefix, elsewhere.UploadLifetime) = (Key("elsewhere"), TimeSpan.FromSeconds(1));
        using (var other = new S3ArtifactStore(elsewhere, TimeProvider.System))
        {
            await other.GetSizeAsync("any", Token);
        }

        Assert.Equal([Key("killed/parts")], await UnfinishedAsync(Key("killed")));
        var here = _server.Options();
        (here.Prefix, here.UploadLifetime) = (Key("killed"), TimeSpan.FromSeconds(1));
        using var later = new S3ArtifactStore(here, TimeProvider.System);
        await later.GetSizeAsync("any", Token);
        Assert.Empty(await UnfinishedAsync(Key("killed")));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_link_is_dead_when_its_time_is_over()
    {
        var artifact = await Store.PutBytesAsync(Key("short"), "42"u8.ToArray(), "text/plain", Token);
        var link = await Store.CreateDownloadLinkAsync(artifact, TimeSpan.FromSeconds(2), Token);
        using var http = new HttpClient();
        using var inTime = await http.GetAsync(link, Token);
        Assert.Equal(HttpStatusCode.OK, inTime.StatusCode);
        await Task.Delay(TimeSpan.FromSeconds(3.5), Token);
        using var late = await http.GetAsync(link, Token);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.DoesNotContain(_server.Options().SecretKey, link!.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_wrong_key_is_refused_at_once_and_shown_to_nobody()
    {
        var options = _server.Options();
        options.SecretKey = "wrong-and-private";
        using var store = new S3ArtifactStore(options, TimeProvider.System);
        var error = await Assert.ThrowsAsync<ArtifactStoreException>(() => store.PutBytesAsync(Key("a"), default, "text/plain", Token));
        Assert.False(error.IsTransient);
        Assert.DoesNotContain("wrong-and-private", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Store:SecretKey", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_is_not_there_is_a_passing_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var options = _server.Options();
        options.Endpoint = $"127.0.0.1:{port}";
        options.MaxRetries = 2;
        options.RetryDelay = TimeSpan.FromMilliseconds(1);
        using var store = new S3ArtifactStore(options, TimeProvider.System);
        var error = await Assert.ThrowsAsync<ArtifactStoreException>(() => store.GetSizeAsync(Key("a"), Token));
        Assert.True(error.IsTransient);
        Assert.DoesNotContain(options.SecretKey, error.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_hangs_is_waited_for_and_then_gone_on_with()
    {
        var artifact = await Store.PutBytesAsync(Key("a"), "1"u8.ToArray(), "text/plain", Token);
        var options = _server.Options();
        options.StallTimeout = TimeSpan.FromSeconds(1);
        options.MaxRetries = 0;
        using var impatient = new S3ArtifactStore(options, TimeProvider.System);
        await impatient.GetSizeAsync(artifact.Key, Token);

        await SignalAsync("-STOP");
        var patient = Task.FromResult<byte[]>([]);
        try
        {
            var watch = Stopwatch.StartNew();
            var error = await Assert.ThrowsAsync<ArtifactStoreException>(() => impatient.ReadBytesAsync(artifact, 10, Token));
            Assert.True(error.IsTransient);
            Assert.InRange(watch.Elapsed.TotalSeconds, 0.5, 10);
            patient = Store.ReadBytesAsync(artifact, 10, Token);
            Assert.NotSame(patient, await Task.WhenAny(patient, Task.Delay(500, Token)));
        }
        finally
        {
            await SignalAsync("-CONT");
        }

        Assert.Equal("1"u8.ToArray(), await patient);
    }

    private async Task<List<string>> UnfinishedAsync(string prefix)
    {
        var options = _server.Options();
        using var client = new MinioClient().WithEndpoint(options.Endpoint).WithCredentials(options.AccessKey, options.SecretKey).WithRegion(options.Region).Build();
        var uploads = new List<string>();
        await foreach (var upload in client.ListIncompleteUploadsEnumAsync(
            new ListIncompleteUploadsArgs().WithBucket(options.Bucket).WithPrefix(prefix), Token))
        {
            uploads.Add(upload.Key);
        }

        return uploads;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _server.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);

        // On a busy machine a stopped process may go on for a moment: each of its threads has to be met first.
        while (signal == "-STOP" && !Directory.EnumerateDirectories($"/proc/{_server.ProcessId}/task").All(IsStopped))
        {
            await Task.Delay(10, Token);
        }
    }

    private static bool IsStopped(string thread)
    {
        var stat = File.ReadAllText(Path.Combine(thread, "stat"));
        return stat[stat.LastIndexOf(')')..].StartsWith(") T", StringComparison.Ordinal);
    }
}
