using static TorchSharp.torch;

namespace IntraDA.Trainer.Adaptation;

/// <summary>Named tensors and counters that a resumed job needs.</summary>
/// <param name="Tensors">Tensors by name; still owned by where they came from.</param>
/// <param name="Counters">Whole numbers by name.</param>
public sealed record StepState(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, long> Counters)
{
    /// <summary>Nothing to save.</summary>
    public static StepState Empty { get; } = new(new Dictionary<string, Tensor>(), new Dictionary<string, long>());
}
