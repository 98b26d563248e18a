using IntraDA.Artifacts.Formats.PyTorch.Pickle;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>PyTorch's names of element types.</summary>
public static class ElementNames
{
    /// <summary>PyTorch's name of an element type.</summary>
    /// <param name="type">The type.</param>
    /// <returns>E.g. "float32".</returns>
    public static string TorchName(this SafetensorsDataType type) => AllowedGlobals.ElementName(type);
}
