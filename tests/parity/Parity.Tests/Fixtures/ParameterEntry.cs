namespace IntraDA.Parity.Tests.Fixtures;

/// <summary>A tensor of the published state dict; <c>index</c> is its position there.</summary>
internal sealed record ParameterEntry(int Index, string Name, long[] Shape, string Kind, int FanIn);
