using System.Security.Cryptography;
using System.Text;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Artifacts.Tests.Store;

/// <summary>What every artefact store does. Each test works below a prefix of its own.</summary>
public abstract class ArtifactStoreContract
{
    private const string Binary = "application/octet-stream";
    private const int Mebibyte = 1 << 20;
    private readonly string _prefix = $"t{Guid.NewGuid():n}";

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IArtifactStore Store { get; }

    protected string Key(string name) => $"{_prefix}/{name}";

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData((5 * Mebibyte) - 1)]
    [InlineData(5 * Mebibyte)]
    public async Task Bytes_come_back_with_their_digest_and_size(int length)
    {
        var bytes = Bytes(length);
        var artifact = await Store.PutBytesAsync(Key("a.bin"), bytes, Binary, Token);

        Assert.Equal(Key("a.bin"), artifact.Key);
        Assert.Equal(length, artifact.SizeBytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), artifact.Sha256);
        Assert.Equal(Binary, artifact.MediaType);
        Assert.Equal(bytes, await Store.ReadBytesAsync(artifact, length, Token));
        Assert.Equal(length, await Store.GetSizeAsync(artifact.Key, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Content_is_read_from_where_the_stream_stands()
    {
        using var stream = new MemoryStream(Bytes(1000));
        stream.Position = 900;
        var artifact = await Store.PutAsync(Key("tail"), stream, Binary, Token);
        Assert.Equal(Bytes(1000)[900..], await Store.ReadBytesAsync(artifact, 100, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_put_replaces_what_was_there()
    {
        var old = await Store.PutBytesAsync(Key("a"), "old content"u8.ToArray(), Binary, Token);
        var young = await Store.PutBytesAsync(Key("a"), "new"u8.ToArray(), Binary, Token);

        Assert.Equal("new"u8.ToArray(), await Store.ReadBytesAsync(young, 100, Token));
        var damaged = await Assert.ThrowsAsync<ArtifactDamagedException>(() => Store.ReadBytesAsync(old, 100, Token));
        Assert.Contains(Key("a"), damaged.Message, StringComparison.Ordinal);
        Assert.False(damaged.IsTransient);
    }

    [Fact(Timeout = 60_000)]
    public async Task Bytes_of_equal_length_and_another_digest_are_damaged()
    {
        var artifact = await Store.PutBytesAsync(Key("a"), "abc"u8.ToArray(), Binary, Token);
        await Store.PutBytesAsync(Key("a"), "abd"u8.ToArray(), Binary, Token);
        var damaged = await Assert.ThrowsAsync<ArtifactDamagedException>(() => Store.ReadBytesAsync(artifact, 100, Token));
        Assert.Contains("SHA-256", damaged.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_a_digest_only_the_key_counts()
    {
        await Store.PutBytesAsync(Key("a"), "abc"u8.ToArray(), Binary, Token);
        Assert.Equal("abc"u8.ToArray(), await Store.ReadBytesAsync(new Artifact { Key = Key("a") }, 100, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_under_a_key_is_said_so()
    {
        var missing = await Assert.ThrowsAsync<ArtifactNotFoundException>(
            () => Store.ReadBytesAsync(new Artifact { Key = Key("none") }, 100, Token));
        Assert.Equal(Key("none"), missing.Key);
        Assert.Null(await Store.GetSizeAsync(Key("none"), Token));
        await Store.DeleteAsync(Key("none"), Token);
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_sixteen_creators_exactly_one_wins()
    {
        for (var round = 0; round < 5; round++)
        {
            var key = Key($"lease-{round}");
            using var barrier = new Barrier(16);
            var winners = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Factory.StartNew(
                () =>
                {
                    barrier.SignalAndWait(Token);
                    return Store.TryCreateAsync(key, Encoding.UTF8.GetBytes($"writer {i}"), "text/plain", Token);
                },
                Token,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap()));

            var winner = Assert.Single(winners, artifact => artifact is not null)!;
            var index = Array.FindIndex(winners, artifact => artifact is not null);
            Assert.Equal($"writer {index}", Encoding.UTF8.GetString(await Store.ReadBytesAsync(winner, 100, Token)));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deleted_key_can_be_created_again()
    {
        Assert.NotNull(await Store.TryCreateAsync(Key("a"), "1"u8.ToArray(), Binary, Token));
        Assert.Null(await Store.TryCreateAsync(Key("a"), "2"u8.ToArray(), Binary, Token));
        await Store.DeleteAsync(Key("a"), Token);
        Assert.NotNull(await Store.TryCreateAsync(Key("a"), "3"u8.ToArray(), Binary, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Four_mebibytes_can_be_created_and_no_byte_more()
    {
        Assert.NotNull(await Store.TryCreateAsync(Key("a"), new byte[4 * Mebibyte], Binary, Token));
        Assert.Null(await Store.TryCreateAsync(Key("a"), new byte[4 * Mebibyte], Binary, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.TryCreateAsync(Key("b"), new byte[(4 * Mebibyte) + 1], Binary, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Keys_are_listed_in_ordinal_order_below_their_prefix()
    {
        // A key may be the beginning of another, and '-' and '.' sort before '/'.
        string[] names = ["a", "a-b", "a.b", "a/b", "a/b/c.d", "a.b/c", "a0", "a_", "b", "x.y/z", "x.y-z", new string('l', 300), new string('l', 300) + "/m", new string('l', 200) + "/n"];
        foreach (var name in names)
        {
            await Store.PutBytesAsync(Key(name), "1"u8.ToArray(), Binary, Token);
        }

        Assert.Equal(names.Select(Key).Order(StringComparer.Ordinal), await ListAsync(_prefix));
        Assert.Equal(names.Where(n => n.StartsWith("a.", StringComparison.Ordinal)).Select(Key).Order(StringComparer.Ordinal), await ListAsync(Key("a.")));
        Assert.Equal(names.Where(n => n.StartsWith("a/", StringComparison.Ordinal)).Select(Key).Order(StringComparer.Ordinal), await ListAsync(Key("a/")));
        Assert.Equal(3, (await ListAsync(Key(new string('l', 150)))).Count);
        Assert.Empty(await ListAsync(Key("c")));
        foreach (var name in names)
        {
            Assert.Equal(1, await Store.GetSizeAsync(Key(name), Token));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("../escape")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("Upper")]
    [InlineData("")]
    public async Task A_hostile_key_is_refused_by_every_method(string key)
    {
        var artifact = new Artifact { Key = key };
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PutBytesAsync(key, default, Binary, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.TryCreateAsync(key, default, Binary, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CopyToAsync(artifact, Stream.Null, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.GetSizeAsync(key, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(key, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateDownloadLinkAsync(artifact, TimeSpan.FromMinutes(1), Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cancelled_put_stores_nothing()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var source = new PatternStream(40L * Mebibyte, seekable: true) { AtByte = (20L * Mebibyte, cancellation.Cancel) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(Key("a"), source, Binary, cancellation.Token));

        Assert.Null(await Store.GetSizeAsync(Key("a"), Token));
        Assert.Empty(await ListAsync(_prefix));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cancelled_read_ends_as_cancelled()
    {
        var artifact = await Store.PutAsync(Key("a"), new PatternStream(8L * Mebibyte, seekable: true), Binary, Token);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var sink = new PatternSink { AtByte = (Mebibyte, cancellation.Cancel) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CopyToAsync(artifact, sink, cancellation.Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failing_source_stores_nothing()
    {
        var source = new PatternStream(40L * Mebibyte, seekable: true)
        {
            AtByte = (20L * Mebibyte, () => throw new InvalidDataException("the camera was unplugged")),
        };
        await Assert.ThrowsAnyAsync<Exception>(() => Store.PutAsync(Key("a"), source, Binary, Token));
        Assert.Empty(await ListAsync(_prefix));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_blob_is_stored_once_under_its_digest()
    {
        var first = await Store.PutBlobAsync(new MemoryStream(Encoding.UTF8.GetBytes(_prefix)), Binary, Token);
        Assert.Equal(ArtifactKey.Blob(first.Sha256), first.Key);

        var source = new PatternStream(100, seekable: false);
        var unseekable = await Store.PutBlobAsync(source, Binary, Token);
        Assert.Equal(100, unseekable.SizeBytes);

        using var again = new MemoryStream(Encoding.UTF8.GetBytes(_prefix));
        Assert.Equal(first, await Store.PutBlobAsync(again, Binary, Token));
        await Store.DeleteAsync(first.Key, Token);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_download_is_whole_or_leaves_the_file_alone()
    {
        var folder = Directory.CreateTempSubdirectory("intrada-test-");
        try
        {
            var path = Path.Combine(folder.FullName, "sub", "file.bin");
            var artifact = await Store.PutBytesAsync(Key("a"), "good"u8.ToArray(), Binary, Token);
            await Store.DownloadAsync(artifact, path, Token);
            await Store.PutBytesAsync(Key("a"), "evil"u8.ToArray(), Binary, Token);

            await Assert.ThrowsAsync<ArtifactDamagedException>(() => Store.DownloadAsync(artifact, path, Token));

            Assert.Equal("good", await File.ReadAllTextAsync(path, Token));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_small_read_refuses_a_long_artefact(bool withDigest)
    {
        var artifact = await Store.PutBytesAsync(Key("a"), new byte[1000], Binary, Token);
        var error = await Assert.ThrowsAsync<ArtifactStoreException>(
            () => Store.ReadBytesAsync(withDigest ? artifact : new Artifact { Key = artifact.Key }, 999, Token));
        Assert.Contains("999", error.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(10)]
    [InlineData(6 * Mebibyte)]
    public async Task What_is_opened_can_be_read_twice(int length)
    {
        var artifact = await Store.PutWrittenAsync(
            Key("a"), Binary, async (stream, cancellationToken) => await stream.WriteAsync(Bytes(length), cancellationToken), Token);
        await using var stream = await Store.OpenReadAsync(artifact, Token);
        for (var pass = 0; pass < 2; pass++)
        {
            stream.Position = 0;
            Assert.Equal(artifact.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, Token)));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0.5)]
    [InlineData(604801)]
    public async Task A_link_that_lives_too_short_or_long_is_refused(double seconds) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Store.CreateDownloadLinkAsync(new Artifact { Key = Key("a") }, TimeSpan.FromSeconds(seconds), Token));

    protected async Task<List<string>> ListAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var key in Store.ListAsync(prefix, Token))
        {
            keys.Add(key);
        }

        return keys;
    }

    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
