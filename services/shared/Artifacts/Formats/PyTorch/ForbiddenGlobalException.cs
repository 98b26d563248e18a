namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>A pickle names something that a file of tensors has no use for. Nothing was run or looked up.</summary>
public sealed class ForbiddenGlobalException : ArtifactFormatException
{
    private const int LongestName = 200;

    /// <summary>Refuses a global.</summary>
    /// <param name="global">Module and name, e.g. "posix.system", as the file has them.</param>
    internal ForbiddenGlobalException(string global)
        : base($"The checkpoint names '{Printable(global)}', which is neither a tensor nor a plain value: it is refused and nothing was run; "
            + "a file from a source you trust can be saved again with model.state_dict() alone.") =>
        Global = global;

    /// <summary>Module and name, e.g. "posix.system", as the file has them.</summary>
    public string Global { get; }

    // The name is the attacker's: it must neither move a terminal's cursor nor fill the screen.
    private static string Printable(string text)
    {
        var shown = text.Length > LongestName ? string.Concat(text.AsSpan(0, LongestName), "...") : text;
        return string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c > '\u2000' ? $"\\u{(int)c:x4}" : c.ToString()));
    }
}
