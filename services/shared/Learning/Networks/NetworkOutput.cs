using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>Logits of a multi-level network.</summary>
/// <param name="Aux">Auxiliary classifier (on the third stage), <c>[N, C, h, w]</c>; null where it was not computed.</param>
/// <param name="Main">Main classifier (on the last stage), <c>[N, C, h, w]</c>.</param>
public readonly record struct NetworkOutput(Tensor? Aux, Tensor Main);
