using IntraDA.Artifacts.Store;

namespace IntraDA.Artifacts.Tests.Store;

public sealed class SpoolFileTests
{
    [Fact]
    public async Task A_spool_has_no_name_that_a_killed_process_could_leave()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the system itself removes the file when its process ends.");
        var token = TestContext.Current.CancellationToken;
        await using var spool = SpoolFile.Create();
        Assert.StartsWith(Path.GetTempPath(), spool.Name, StringComparison.Ordinal);
        Assert.False(File.Exists(spool.Name));

        await spool.WriteAsync(new byte[] { 1, 2, 3 }, token);
        await spool.FlushAsync(token);
        spool.Position = 1;
        Assert.Equal(2, spool.ReadByte());
        Assert.Equal(3, spool.Length);
        Assert.False(File.Exists(spool.Name));
    }
}
