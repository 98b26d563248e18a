using System.Text;
using IntraDA.Artifacts.Formats;

namespace IntraDA.Artifacts.Tests.Formats;

public sealed class DocumentTests
{
    private static readonly StoredArtifact Map = new("p/1.png", new string('a', 64), 10, "image/png");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_split_is_one_id_a_line()
    {
        using var stream = new MemoryStream();
        await SplitList.WriteAsync(stream, ["b/2.png", "a/1.png"], Token);
        Assert.Equal("b/2.png\na/1.png\n", Encoding.UTF8.GetString(stream.ToArray()));
        stream.Position = 0;
        Assert.Equal(["b/2.png", "a/1.png"], await SplitList.ReadAsync(stream, Token));
    }

    [Theory]
    [InlineData("a\r\nb")]
    [InlineData("a\nb\n\n")]
    public async Task A_split_from_elsewhere_is_read(string text) =>
        Assert.Equal(["a", "b"], await SplitList.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), Token));

    [Fact]
    public async Task An_id_twice_or_bytes_that_are_no_text_are_refused()
    {
        var error = await Assert.ThrowsAsync<ArtifactFormatException>(() => SplitList.ReadAsync(new MemoryStream("a\na\n"u8.ToArray()), Token));
        Assert.Contains("'a' twice", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArtifactFormatException>(() => SplitList.ReadAsync(new MemoryStream([0xFF, 0xFE, 0x0A]), Token));
        await Assert.ThrowsAsync<ArtifactFormatException>(() => SplitList.WriteAsync(Stream.Null, ["a\nb"], Token));
    }

    [Fact]
    public async Task Predictions_come_back_and_keep_their_names()
    {
        using var stream = new MemoryStream();
        var manifest = new PredictionsManifest { Items = [new("a", Map, Map with { Key = "p/1c.png" }), new("b", Map, null)] };
        await manifest.WriteAsync(stream, Token);
        var json = Encoding.UTF8.GetString(stream.ToArray());
        Assert.StartsWith("""{"format":"intrada.predictions/1","items":[{"id":"a","labelMap":{"key":"p/1.png","sha256":""", json, StringComparison.Ordinal);
        stream.Position = 0;
        Assert.Equal(manifest.Items, (await PredictionsManifest.ReadAsync(stream, Token)).Items);
    }

    [Theory]
    [InlineData("nonsense", "not JSON")]
    [InlineData("null", "form ''")]
    [InlineData("""{"format":"intrada.predictions/2","items":[]}""", "intrada.predictions/2")]
    [InlineData("""{"format":"intrada.predictions/1","items":[{"id":"a","labelMap":null,"confidenceMap":null}]}""", "'a' has no label map")]
    [InlineData("""{"format":"intrada.predictions/1","items":[{"id":"a","labelMap":{"key":"../x","sha256":"","sizeBytes":1,"mediaType":""},"confidenceMap":null}]}""", "its key is none")]
    public async Task A_damaged_manifest_is_refused_by_its_fault(string json, string problem)
    {
        var error = await Assert.ThrowsAsync<ArtifactFormatException>(
            () => PredictionsManifest.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), Token));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
