namespace IntraDA.Cli.Transfers;

/// <summary>Files that appear whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">All bytes.</param>
    /// <param name="cancellationToken">Stops; the old file, or none, is left.</param>
    /// <returns>A task that ends when the file is there.</returns>
    public static Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(path, async (stream, token) => await stream.WriteAsync(content, token), cancellationToken);

    /// <summary>Writes a file piece by piece.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes all bytes.</param>
    /// <param name="cancellationToken">Stops; the old file, or none, is left.</param>
    /// <returns>A task that ends when the file is there.</returns>
    public static async Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var part = path + ".part";
        try
        {
            await using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                await write(stream, cancellationToken);
            }

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
