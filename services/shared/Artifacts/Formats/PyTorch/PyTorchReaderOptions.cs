namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>How the tensors of a checkpoint are named.</summary>
public sealed class PyTorchReaderOptions
{
    /// <summary>First dotted part that is taken off the names that begin with it.</summary>
    /// <value>
    /// Null (default): "module." (DataParallel) and "Scale." (weights converted from Caffe) where all names begin with it; empty: none.
    /// </value>
    public string? Prefix { get; init; }
}
