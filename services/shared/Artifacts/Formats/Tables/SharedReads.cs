using Microsoft.Win32.SafeHandles;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Further readers of what a stream holds, each with a position of its own.</summary>
internal static class SharedReads
{
    private const int BufferSize = 1 << 16;

    /// <summary>Whether there can be further readers.</summary>
    public static bool Can(Stream stream) => stream is FileStream or MemoryStream;

    /// <summary>Opens a reader at the start. Nobody may use the stream meanwhile: what it holds back or has read ahead is put in order.</summary>
    /// <param name="stream">A stream that <see cref="Can"/> be shared; it stays open as long as the reader.</param>
    /// <returns>The reader.</returns>
    public static async Task<Stream> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (stream is MemoryStream memory)
        {
            return memory.TryGetBuffer(out var bytes)
                ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
                : new MemoryStream(memory.ToArray(), writable: false);
        }

        var file = (FileStream)stream;
        await file.FlushAsync(cancellationToken).ConfigureAwait(false);

        // A file stream keeps its own position and reads at it, so that streams over one handle do not meet.
        return new FileStream(new SafeFileHandle(file.SafeFileHandle.DangerousGetHandle(), ownsHandle: false), FileAccess.Read, BufferSize);
    }
}
