namespace IntraDA.Parity.Tests.Fixtures;

/// <summary>How a classifier's weights are changed for the inference arrays.</summary>
internal sealed record ClassifierChange(double WeightGain, double[] FirstBiasShift);
