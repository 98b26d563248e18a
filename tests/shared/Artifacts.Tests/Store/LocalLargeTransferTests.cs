using IntraDA.Artifacts.Store;

namespace IntraDA.Artifacts.Tests.Store;

public sealed class LocalLargeTransferTests : LargeTransferContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intrada-test-");

    public LocalLargeTransferTests() => Store = new LocalArtifactStore(_folder.FullName, TimeProvider.System);

    protected override IArtifactStore Store { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
