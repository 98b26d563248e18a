namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>A storage that a pickle speaks of. Where its bytes lie is found out later.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Element">Type of its elements.</param>
/// <param name="Count">Elements.</param>
internal sealed record PickledStorage(string Key, ElementType Element, long Count)
{
    /// <summary>Bytes.</summary>
    public long Length => Count * Element.Size;
}
