using static TorchSharp.torch;

namespace IntraDA.Trainer.Optimization;

/// <summary>A tensor that stochastic gradient descent changes.</summary>
/// <param name="Name">Name in the state dict.</param>
/// <param name="Value">The values; a leaf that collects gradients.</param>
/// <param name="RateFactor">Factor on the learning rate, e.g. 10 for classifiers.</param>
/// <param name="Repeats">How often one step updates it: 1, or the published multiplicity.</param>
public sealed record SgdParameter(string Name, Tensor Value, double RateFactor, int Repeats);
