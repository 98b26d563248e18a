using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>A tensor that an architecture's state dict has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DataType">Type of its elements as published; other floating-point types hold the same numbers.</param>
/// <param name="Shape">Its dimensions; empty for a scalar.</param>
public sealed record LayoutTensor(string Name, SafetensorsDataType DataType, IReadOnlyList<long> Shape)
{
    /// <summary>Whether the network works without it: a counter of batches, which PyTorch before 0.4.1 did not save.</summary>
    public bool IsOptional => Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    /// <summary>Whether it belongs to one of the two classifiers.</summary>
    public bool IsHead => PublishedLayout.IsHead(Name);
}
