using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Tests.Layouts;

/// <summary>Scans of a test's folder.</summary>
internal static class Scans
{
    public static Task<DatasetManifest> ScanAsync(this TemporaryFolder folder, string layout, Func<LayoutRequest, LayoutRequest>? with = null)
    {
        var request = new LayoutRequest { Path = folder.Path, Layout = layout };
        return DatasetScanner.ScanAsync(with?.Invoke(request) ?? request, null, TestContext.Current.CancellationToken);
    }

    /// <summary>The scan is refused in one line that holds all these parts.</summary>
    public static async Task RefusesAsync(this TemporaryFolder folder, string layout, Func<LayoutRequest, LayoutRequest>? with, params string[] parts)
    {
        var exception = await Assert.ThrowsAsync<DatasetException>(() => folder.ScanAsync(layout, with));
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', exception.Message);
        Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.Message.EndsWith("..", StringComparison.Ordinal), exception.Message);
    }

    public static IEnumerable<string> Ids(this DatasetManifest manifest) => manifest.Items.Select(item => item.Id);
}
