namespace IntraDA.Artifacts.Store;

/// <summary>Temporary files for content that must be read twice and may not fit into memory.</summary>
internal static class SpoolFile
{
    public static FileStream Create() => new(
        Path.Combine(Path.GetTempPath(), $"intrada-{Guid.NewGuid():n}.spool"),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 1 << 16,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        });
}
