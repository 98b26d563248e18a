using System.Text;

namespace IntraDA.Hosting.Errors;

/// <summary>Makes text that others had a part in fit for messages: callers put anything into the names that errors quote.</summary>
internal static class ErrorText
{
    private const string Ellipsis = "...";

    /// <summary>Cuts a text, and takes control characters out of it, which could forge lines of a log or move a terminal's cursor.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">Most bytes of UTF-8.</param>
    /// <param name="maxEncoded">Most characters where each byte that is not printable ASCII takes three, as in headers.</param>
    /// <returns>Well-formed text within both bounds.</returns>
    public static string Cut(string text, int maxBytes, int maxEncoded = int.MaxValue)
    {
        var cut = new StringBuilder(Math.Min(text.Length, maxBytes));
        var (bytes, encoded) = (Ellipsis.Length, Ellipsis.Length);
        var whole = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = Rune.IsControl(rune) ? new Rune(' ') : rune;
            bytes += shown.Utf8SequenceLength;
            encoded += shown.IsAscii && shown.Value != '%' ? 1 : 3 * shown.Utf8SequenceLength;
            if (bytes > maxBytes || encoded > maxEncoded)
            {
                cut.Length = whole;
                return cut.Append(Ellipsis).ToString();
            }

            cut.Append(shown.ToString());
            whole = cut.Length;
        }

        return cut.ToString();
    }
}
