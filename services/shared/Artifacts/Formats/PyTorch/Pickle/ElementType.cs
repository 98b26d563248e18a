using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>An element type of PyTorch.</summary>
/// <param name="Name">Its name, e.g. "float32".</param>
/// <param name="Size">Bytes of one element.</param>
/// <param name="DataType">The same type here; null where it is known by name only.</param>
internal sealed record ElementType(string Name, int Size, SafetensorsDataType? DataType);
