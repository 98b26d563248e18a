using IntraDA.Artifacts.Formats.PyTorch.Pickle;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>A named tensor of a checkpoint.</summary>
public sealed class PyTorchTensor
{
    internal PyTorchTensor(string name, SafetensorsDataType dataType, PickledTensor source)
    {
        Name = name;
        DataType = dataType;
        Source = source;
    }

    /// <summary>Its name, without the prefix that was stripped.</summary>
    public string Name { get; }

    /// <summary>Type of its elements.</summary>
    public SafetensorsDataType DataType { get; }

    /// <summary>PyTorch's name of <see cref="DataType"/>, e.g. "float32".</summary>
    public string DataTypeName => DataType.TorchName();

    /// <summary>Its dimensions; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => Source.Shape;

    /// <summary>Bytes of its elements in row-major order, whatever room they take in the file.</summary>
    public long Length => Source.Count * Source.Storage.Element.Size;

    internal PickledTensor Source { get; }
}
