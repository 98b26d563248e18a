using IntraDA.Data.Manifests;

namespace IntraDA.Cli.Checkpoints;

/// <summary>What <c>import</c> is asked to do.</summary>
/// <param name="File">The file.</param>
/// <param name="List">Whether to list its tensors.</param>
/// <param name="Architecture">Architecture to check it against; null: none.</param>
/// <param name="Classes">Classes of the network; null: as many as the weights have.</param>
/// <param name="Out">Safetensors file to write; null: none.</param>
/// <param name="Prefix">First dotted part to take off the names; null: known ones.</param>
/// <param name="Size">Input size of the network, pixels; null: the published one.</param>
/// <param name="Store">Whether to put the weights into the gateway's store.</param>
/// <param name="Initial">Whether weights without a main classifier are wanted as initial weights, whatever else is in them.</param>
internal sealed record ImportRequest(
    string File,
    bool List,
    string? Architecture,
    ClassList? Classes,
    string? Out,
    string? Prefix,
    (int Width, int Height)? Size,
    bool Store = false,
    bool Initial = false)
{
    /// <summary>Whether the weights are to be used, so that all that describes them must be known.</summary>
    public bool IsKept => Out is not null || Store;
}
