using static TorchSharp.torch;

namespace MinEntTrainer.Networks;

/// <summary>A learned tensor.</summary>
/// <param name="Name">Name in files, as published.</param>
/// <param name="FanIn">For a kernel, inputs that one output sums over; 0 for gains and biases.</param>
/// <param name="Value">The values; the network owns them.</param>
internal sealed record Parameter(string Name, int FanIn, Tensor Value)
{
    /// <summary>Whether it belongs to a classifier, which has a learning rate of its own and may be missing in initial weights.</summary>
    public bool IsHead => Name.StartsWith("layer5.", StringComparison.Ordinal) || Name.StartsWith("layer6.", StringComparison.Ordinal);
}
