namespace IntraDA.Artifacts.Store;

/// <summary>Temporary files for content that must be read twice and may not fit into memory. They go with their process, however it ends.</summary>
public static class SpoolFile
{
    /// <summary>Makes an empty one.</summary>
    /// <returns>A file of no length for reading and writing, gone when it is disposed.</returns>
    public static FileStream Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"intrada-{Guid.NewGuid():n}.spool");
        var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 1 << 16,
                Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            });
        if (!OperatingSystem.IsWindows())
        {
            // There a name is removed by the process that closes the file, which one that is killed does not do; the bytes need no name.
            File.Delete(path);
        }

        return file;
    }
}
