namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>A tensor that keeps a file from being an architecture's weights.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Name">Its name.</param>
/// <param name="Phrase">Both in words, without a full stop.</param>
public sealed record LayoutDifference(LayoutDifferenceKind Kind, string Name, string Phrase)
{
    /// <inheritdoc/>
    public override string ToString() => Phrase;
}
