namespace IntraDA.Cli.Transfers;

/// <summary>Files that appear whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">All bytes.</param>
    /// <param name="cancellationToken">Stops; the old file, or none, is left.</param>
    /// <returns>A task that ends when the file is there.</returns>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var part = path + ".part";
        try
        {
            await File.WriteAllBytesAsync(part, content, cancellationToken);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
