namespace IntraDA.Parity.Tests.Fixtures;

/// <summary>What one published run gave: losses per iteration; mean and L2 norm per tensor afterwards, without discriminators for MinEnt.</summary>
internal sealed record TrainingEntry(
    IReadOnlyList<IReadOnlyDictionary<string, double>> Losses,
    IReadOnlyDictionary<string, double[]> NetworkMeanNorm,
    IReadOnlyList<IReadOnlyDictionary<string, double[]>>? DiscriminatorsMeanNorm);
