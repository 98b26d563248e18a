using System.Text;

namespace IntraDA.Artifacts.Formats;

/// <summary>Lists of image ids as the published code writes its splits: UTF-8, one id a line, each line ended by '\n'.</summary>
public static class SplitList
{
    /// <summary>Media type of a stored list.</summary>
    public const string MediaType = "text/plain";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a list.</summary>
    /// <param name="stream">Receives it.</param>
    /// <param name="ids">The ids, in order; none empty or with a line break.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the last byte written.</returns>
    /// <exception cref="ArtifactFormatException">An id does not fit on a line.</exception>
    public static async Task WriteAsync(Stream stream, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var writer = new StreamWriter(stream, Strict, 1 << 16, leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var id in ids)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (id.Length == 0 || id.AsSpan().ContainsAny('\n', '\r'))
                {
                    throw NoLine(id);
                }

                writer.Write(id);
                writer.Write('\n');
            }

            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes sure that ids which lie one after the other, each followed by '\n', are the lines of a list.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="ends">End of each id, its '\n' not counted.</param>
    /// <exception cref="ArtifactFormatException">An id does not fit on a line.</exception>
    public static void RequireLines(ReadOnlySpan<byte> text, ReadOnlySpan<int> ends)
    {
        if (text.Count((byte)'\n') == ends.Length && !text.Contains((byte)'\r'))
        {
            return;
        }

        var start = 0;
        foreach (var end in ends)
        {
            var id = text[start..end];
            start = end + 1;
            if (id.ContainsAny((byte)'\n', (byte)'\r'))
            {
                throw NoLine(Encoding.UTF8.GetString(id));
            }
        }
    }

    /// <summary>Reads a list; a last line without '\n' and lines ended by "\r\n" are taken too, empty lines are not ids.</summary>
    /// <param name="stream">The list.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The ids, in order.</returns>
    /// <exception cref="ArtifactFormatException">It is not UTF-8, or an id occurs twice.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var reader = new StreamReader(stream, Strict, detectEncodingFromByteOrderMarks: false, 1 << 16, leaveOpen: true);
        try
        {
            while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                if (line.Length == 0)
                {
                    continue;
                }

                if (!seen.Add(line))
                {
                    throw new ArtifactFormatException($"The split list names '{line}' twice.");
                }

                ids.Add(line);
            }
        }
        catch (DecoderFallbackException e)
        {
            throw new ArtifactFormatException("The split list is not UTF-8 text.", e);
        }

        return ids;
    }

    private static ArtifactFormatException NoLine(string id) => new($"The id '{id.ReplaceLineEndings(" ")}' does not fit on a line of a split list.");
}
