namespace IntraDA.Learning.Updates;

/// <summary>One step of stochastic gradient descent with momentum.</summary>
/// <param name="Rate">Learning rate of the tensor.</param>
/// <param name="Momentum">Share of the buffer that stays.</param>
/// <param name="WeightDecay">Share of the value that is added to the gradient.</param>
/// <param name="Repeats">How often the tensor is updated with the same gradient.</param>
/// <param name="Starts">Whether each repeat begins its buffer anew: the first step.</param>
public readonly record struct MomentumUpdate(float Rate, float Momentum, float WeightDecay, int Repeats, bool Starts);
