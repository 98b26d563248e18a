namespace IntraDA.Artifacts.Formats.Safetensors;

/// <summary>A tensor's entry in a file's header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DataType">Type of its elements.</param>
/// <param name="Shape">Its dimensions; empty for a scalar. Elements are row-major.</param>
/// <param name="Offset">First byte, from the start of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record SafetensorsTensor(string Name, SafetensorsDataType DataType, IReadOnlyList<long> Shape, long Offset, long Length);
