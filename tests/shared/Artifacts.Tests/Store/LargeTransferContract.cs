using IntraDA.Artifacts.Store;

namespace IntraDA.Artifacts.Tests.Store;

/// <summary>What an artefact store keeps in memory. Whatever ran beside these tests would be counted too, so nothing does.</summary>
[Collection(Alone.Name)]
public abstract class LargeTransferContract
{
    protected abstract IArtifactStore Store { get; }

    [Theory(Timeout = 180_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ninety_mebibytes_pass_through_in_parts_and_little_memory(bool seekable)
    {
        const long Length = 90L << 20;
        var token = TestContext.Current.CancellationToken;
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        var artifact = await Store.PutAsync($"t{Guid.NewGuid():n}/large.bin", new PatternStream(Length, seekable), "application/octet-stream", token);
        var sink = new PatternSink();
        await Store.CopyToAsync(artifact, sink, token);

        Assert.Equal(Length, artifact.SizeBytes);
        Assert.Equal(Length, sink.Count);
        Assert.True(sink.IsIntact);

        // Three parts of 8 MiB stay for the next transfer, and the small buffers of the shared pool.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - managed, long.MinValue, 28L << 20);
        GC.KeepAlive(Store);
    }
}
