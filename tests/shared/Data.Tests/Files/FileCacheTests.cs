using System.Security.Cryptography;
using IntraDA.Data.Files;

namespace IntraDA.Data.Tests.Files;

public sealed class FileCacheTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intrada-test-");
    private readonly SetTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Timeout = 30_000)]
    public async Task What_was_kept_is_found_by_another_process()
    {
        var (digest, bytes) = Make(1, 1000);
        var cache = Open(10_000);
        Assert.Null(await cache.FindAsync(digest, bytes.Length, Token));
        await cache.KeepAsync(digest, bytes, Token);
        var other = Open(10_000);
        Assert.Equal(bytes, await other.FindAsync(digest, bytes.Length, Token));
        Assert.Equal((0, 1, 1, 0), (cache.Hits, cache.Misses, other.Hits, other.Misses));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_files_used_least_recently_go_when_the_bound_is_met()
    {
        var cache = Open(10_000);
        var files = Enumerable.Range(0, 12).Select(i => Make(i, 1000)).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            if (i == 8)
            {
                Assert.NotNull(await cache.FindAsync(files[0].Digest, 1000, Token));
                _time.Advance(TimeSpan.FromMinutes(2));
            }

            await cache.KeepAsync(files[i].Digest, files[i].Bytes, Token);
            Assert.InRange(Size(), 1000, 10_000);
        }

        Assert.NotNull(await cache.FindAsync(files[0].Digest, 1000, Token));
        Assert.NotNull(await cache.FindAsync(files[11].Digest, 1000, Token));
        Assert.Null(await cache.FindAsync(files[1].Digest, 1000, Token));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1000)]
    [InlineData(400)]
    public async Task A_damaged_file_is_not_given_out_and_goes(int length)
    {
        var (digest, bytes) = Make(1, 1000);
        var cache = Open(10_000);
        await cache.KeepAsync(digest, bytes, Token);
        var path = Path.Combine(_folder.FullName, digest[..2], digest);
        await File.WriteAllBytesAsync(path, new byte[length], Token);
        Assert.Null(await cache.FindAsync(digest, 1000, Token));
        Assert.False(File.Exists(path));
        Assert.Equal(1, cache.Misses);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_killed_process_left_is_removed_a_day_later()
    {
        var left = Path.Combine(_folder.CreateSubdirectory("=tmp").FullName, "left");
        await File.WriteAllTextAsync(left, "half a file", Token);
        File.SetLastWriteTimeUtc(left, _time.GetUtcNow().UtcDateTime);
        var (digest, bytes) = Make(1, 10);
        _time.Advance(TimeSpan.FromHours(23));
        await Open(10_000).KeepAsync(digest, bytes, Token);
        Assert.True(File.Exists(left));
        _time.Advance(TimeSpan.FromHours(2));
        await Open(10_000).KeepAsync(digest, bytes, Token);
        Assert.False(File.Exists(left));
        Assert.NotNull(await Open(10_000).FindAsync(digest, 10, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_writers_and_readers_share_a_directory_and_see_whole_files_within_the_bound()
    {
        var files = Enumerable.Range(0, 50).Select(i => Make(i, 2000)).ToList();
        var found = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(
            async () =>
            {
                // Each has a cache of its own, as processes have.
                var cache = Open(40_000);
                var random = new Random(worker);
                for (var i = 0; i < 300; i++)
                {
                    var (digest, bytes) = files[random.Next(files.Count)];
                    if (await cache.FindAsync(digest, bytes.Length, Token) is { } kept)
                    {
                        Assert.Equal(bytes, kept);
                        Interlocked.Increment(ref found);
                    }
                    else
                    {
                        await cache.KeepAsync(digest, bytes, Token);
                    }
                }
            },
            Token)));
        Assert.True(found > 100, $"{found} files were found.");

        // Whoever adds next sees what the others left.
        await Open(40_000).KeepAsync(files[0].Digest, files[0].Bytes, Token);
        Assert.InRange(Size(), 2000, 40_000);
    }

    [Fact(Timeout = 30_000)]
    public async Task Without_a_disk_or_a_digest_nothing_is_kept_and_nothing_fails()
    {
        var (digest, bytes) = Make(1, 100);
        var blocked = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(blocked, "", Token);
        foreach (var cache in new[] { Open(0), new FileCache(blocked, 1000, _time), Open(99) })
        {
            await cache.KeepAsync(digest, bytes, Token);
            Assert.Null(await cache.FindAsync(digest, bytes.Length, Token));
        }

        var outside = Open(1000);
        await outside.KeepAsync("../../outside", bytes, Token);
        await outside.KeepAsync("", bytes, Token);
        Assert.Null(await outside.FindAsync("../../outside", bytes.Length, Token));
        Assert.Equal(["file"], Directory.EnumerateFileSystemEntries(_folder.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public void Every_wrong_option_is_named()
    {
        Assert.Empty(new FileCacheOptions().Validate());
        var violations = new FileCacheOptions { MaxBytes = -1, Directory = "here" }.Validate();
        Assert.Equal(2, violations.Count);
        Assert.Contains("DatasetCache:MaxBytes", violations[0], StringComparison.Ordinal);
        Assert.Contains("DatasetCache:Directory 'here'", violations[1], StringComparison.Ordinal);
    }

    private static (string Digest, byte[] Bytes) Make(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return (Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
    }

    private FileCache Open(long maxBytes) => new(_folder.FullName, maxBytes, _time);

    private long Size() => _folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private sealed class SetTime : TimeProvider
    {
        private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Advance(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
