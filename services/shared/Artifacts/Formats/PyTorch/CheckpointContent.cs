namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>A checkpoint in either form, unpickled.</summary>
/// <param name="Root">The pickled value.</param>
/// <param name="Storages">Where each storage lies, by key.</param>
/// <param name="BigEndian">Whether elements have their most significant byte first.</param>
internal sealed record CheckpointContent(object? Root, IReadOnlyDictionary<string, StoredBytes> Storages, bool BigEndian);
