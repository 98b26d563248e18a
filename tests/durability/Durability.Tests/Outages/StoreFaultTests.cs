using System.Security.Cryptography;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Durability.Tests.World;
using IntraDA.Ensemble.Tests.Stores;

namespace IntraDA.Durability.Tests.Outages;

/// <summary>Single transfers through a network that fails: those that can succeed do, damage is named, and nothing hopeless is tried again.</summary>
public sealed class StoreFaultTests(S3Server server, Tally tally) : IClassFixture<S3Server>, IAsyncDisposable
{
    private const int Large = 9 << 20;

    private FaultProxy? _proxy;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FaultProxy Proxy => _proxy ??= new FaultProxy(server.Port);

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Transfers_that_meet_503_or_are_reset_midway_are_repeated_until_they_are_whole()
    {
        using var store = Open();
        var content = RandomNumberGenerator.GetBytes(Large);
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        foreach (var (up, down) in new[] { (Fault.Unavailable, Fault.Unavailable), (Fault.ResetRequest, Fault.ResetAnswer) })
        {
            var failed = Fail(request => request.IsUpload, up);
            var artifact = await store.PutBytesAsync("faults/large", content, "application/octet-stream", Token);
            Assert.InRange(failed(), 2, int.MaxValue);
            failed = Fail(request => request.IsDownload, down);
            var back = await store.ReadBytesAsync(artifact, Large, Token);
            Assert.InRange(failed(), 2, int.MaxValue);

            Assert.Equal(digest, artifact.Sha256);
            Assert.True(content.AsSpan().SequenceEqual(back), "The bytes that came back are others.");
            tally.Outages(2);
        }

        // Two failures are dealt out, then all passes. A failure that was planned may never happen: of transfers side by side, the first
        // that fails ends the others.
        Func<int> Fail(Func<ProxiedRequest, bool> concerns, Fault fault)
        {
            var before = Proxy.Count(fault);
            Proxy.Plan = request => concerns(request) && Proxy.Count(fault) < before + 2 ? fault : Fault.None;
            return () => Proxy.Count(fault) - before;
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_listing_goes_on_where_it_was_cut_off_and_a_creation_happens_once()
    {
        using var store = Open();
        await store.TryCreateAsync("list/0", "0"u8.ToArray(), "text/plain", Token);
        var refused = 0;
        Proxy.Plan = request => request.Target.Contains("list-type=2", StringComparison.Ordinal) && Interlocked.Increment(ref refused) <= 2
            ? Fault.Unavailable
            : Fault.None;
        Assert.Equal(["list/0"], await store.ListAsync("list/", Token).ToListAsync(Token));

        // The server stores it; the word of that never arrives.
        var puts = 0;
        Proxy.Plan = request => request.Method == "PUT" && Interlocked.Increment(ref puts) == 1 ? Fault.ResetRequest : Fault.None;
        Assert.NotNull(await store.TryCreateAsync("list/1", new byte[1 << 16], "text/plain", Token));
        Assert.Null(await store.TryCreateAsync("list/1", new byte[1 << 16], "text/plain", Token));
        tally.Outages(2);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_damaged_on_the_way_are_read_again_and_those_that_stay_damaged_are_named(bool withReference)
    {
        using var store = Open();
        var key = $"damage/{withReference}".ToLowerInvariant();
        var artifact = await store.PutBytesAsync(key, new byte[1 << 16], "application/octet-stream", Token);
        // A small document is read by its key alone: its digest came with it.
        var reference = withReference ? artifact : new Artifact { Key = key };
        var once = 0;
        Proxy.Plan = request => request.IsDownload && Interlocked.Increment(ref once) == 1 ? Fault.Damage : Fault.None;
        Assert.Equal(new byte[1 << 16], await store.ReadBytesAsync(reference, 1 << 20, Token));
        Assert.Equal(1, Proxy.Count(Fault.Damage));

        var reads = 0;
        Proxy.Plan = request => request.IsDownload && Interlocked.Increment(ref reads) > 0 ? Fault.Damage : Fault.None;
        var error = await Assert.ThrowsAsync<ArtifactDamagedException>(() => store.ReadBytesAsync(reference, 1 << 20, Token));
        Assert.Equal(key, error.Key);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Equal(3, reads);
        tally.Outages(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_cannot_succeed_is_tried_once()
    {
        using var store = Open();
        await store.PutBytesAsync("hopeless/a", "1"u8.ToArray(), "text/plain", Token);
        var before = Proxy.Seen.Count(r => r.IsUpload);
        Proxy.Plan = request => request.IsUpload ? Fault.Forbidden : Fault.None;
        var refused = await Assert.ThrowsAnyAsync<ArtifactStoreException>(
            () => store.PutBytesAsync("hopeless/a", "2"u8.ToArray(), "text/plain", Token));
        Assert.False(refused.IsTransient);
        Assert.Equal(before + 1, Proxy.Seen.Count(r => r.IsUpload));

        Proxy.Plan = _ => Fault.None;
        before = Proxy.Seen.Count(r => r.Target.Contains("hopeless/none", StringComparison.Ordinal));
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => store.ReadBytesAsync(new Artifact { Key = "hopeless/none" }, 10, Token));
        Assert.InRange(Proxy.Seen.Count(r => r.Target.Contains("hopeless/none", StringComparison.Ordinal)) - before, 1, 2);
    }

    private S3ArtifactStore Open()
    {
        Assert.SkipWhen(server.Unavailable is not null, server.Unavailable ?? "");
        var options = S3Server.Options("durability-faults", Proxy.Port).ToS3();
        options.RetryDelay = TimeSpan.FromMilliseconds(20);
        return new S3ArtifactStore(options, TimeProvider.System);
    }
}
