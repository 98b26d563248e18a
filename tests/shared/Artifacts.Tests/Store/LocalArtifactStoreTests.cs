using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using Microsoft.Extensions.Time.Testing;

namespace IntraDA.Artifacts.Tests.Store;

public sealed class LocalArtifactStoreTests : ArtifactStoreContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intrada-test-");

    public LocalArtifactStoreTests() => Store = new LocalArtifactStore(_folder.FullName, TimeProvider.System);

    protected override IArtifactStore Store { get; }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task Usual_keys_keep_their_names_on_disk()
    {
        await Store.PutBytesAsync("runs/7/report.html", "x"u8.ToArray(), "text/html", Token);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "runs", "7", "report.html")));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_link_out_of_the_directory_is_not_followed()
    {
        var outside = Directory.CreateTempSubdirectory("intrada-test-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(outside.FullName, "secret.txt"), "secret", Token);
            Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "out"), outside.FullName);
            File.CreateSymbolicLink(Path.Combine(_folder.FullName, "file.txt"), Path.Combine(outside.FullName, "secret.txt"));

            foreach (var key in new[] { "out/secret.txt", "file.txt" })
            {
                var artifact = new Artifact { Key = key };
                var error = await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.CopyToAsync(artifact, Stream.Null, Token));
                Assert.Contains("symbolic link", error.Message, StringComparison.Ordinal);
                await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.PutBytesAsync(key, default, "text/plain", Token));
                await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.TryCreateAsync(key, default, "text/plain", Token));
                await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.DeleteAsync(key, Token));
            }

            Assert.Empty(await ListAsync(""));
            Assert.Equal("secret", await File.ReadAllTextAsync(Path.Combine(outside.FullName, "secret.txt"), Token));
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Left_over_files_go_after_a_day_and_not_before()
    {
        var leftover = Path.Combine(_folder.FullName, "=tmp", "of-a-dead-writer");
        await File.WriteAllTextAsync(leftover, "half", Token);
        var clock = new FakeTimeProvider(new DateTimeOffset(File.GetLastWriteTimeUtc(leftover)) + TimeSpan.FromHours(23));

        _ = new LocalArtifactStore(_folder.FullName, clock);
        Assert.True(File.Exists(leftover));

        clock.Advance(TimeSpan.FromHours(2));
        _ = new LocalArtifactStore(_folder.FullName, clock);
        Assert.False(File.Exists(leftover));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_temporary_is_left_or_listed()
    {
        await Store.PutBytesAsync("a", "1"u8.ToArray(), "text/plain", Token);
        await Store.TryCreateAsync("a", "1"u8.ToArray(), "text/plain", Token);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.FullName, "=tmp")));
        Assert.Equal(["a"], await ListAsync(""));
    }

    [Fact]
    public async Task There_is_no_link_to_a_directory() =>
        Assert.Null(await Store.CreateDownloadLinkAsync(new Artifact { Key = "a" }, TimeSpan.FromHours(1), Token));
}
