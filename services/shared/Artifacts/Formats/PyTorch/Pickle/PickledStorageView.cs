namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>A storage, or the part of one that files before PyTorch 0.4 could name.</summary>
/// <param name="Storage">The whole.</param>
/// <param name="Offset">First element.</param>
/// <param name="Count">Elements.</param>
internal sealed record PickledStorageView(PickledStorage Storage, long Offset, long Count);
