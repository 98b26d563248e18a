namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>One of the few names that a pickle may mention.</summary>
/// <param name="Name">Module and name.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Element">Element type, of storages and dtypes.</param>
internal sealed record PickleGlobal(string Name, PickleGlobalKind Kind, ElementType? Element = null);
