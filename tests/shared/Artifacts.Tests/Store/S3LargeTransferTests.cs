using IntraDA.Artifacts.Store;

namespace IntraDA.Artifacts.Tests.Store;

public sealed class S3LargeTransferTests : LargeTransferContract, IClassFixture<S3Server>, IDisposable
{
    private readonly S3ArtifactStore _store;

    public S3LargeTransferTests(S3Server server)
    {
        Assert.SkipWhen(server.Unavailable is not null, server.Unavailable ?? "");
        _store = new S3ArtifactStore(server.Options(), TimeProvider.System);
    }

    protected override IArtifactStore Store => _store;

    public void Dispose() => _store.Dispose();
}
