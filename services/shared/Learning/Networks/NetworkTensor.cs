using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>A named tensor of a network.</summary>
/// <param name="Name">Name in the published state dict, e.g. <c>layer1.0.conv1.weight</c>.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="FanIn">Inputs that one output sums over; 1 where that has no meaning.</param>
/// <param name="Value">The values. The network owns the tensor.</param>
/// <param name="Learned">Whether training changes it by gradient.</param>
public sealed record NetworkTensor(string Name, ParameterKind Kind, int FanIn, Tensor Value, bool Learned);
