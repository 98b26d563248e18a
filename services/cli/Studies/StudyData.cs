using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Cli.Studies;

/// <summary>The data of a study.</summary>
/// <param name="Sets">The registered sets by role.</param>
/// <param name="DataSeed">Seed of the synthetic pair; null for the user's folders.</param>
internal sealed record StudyData(IReadOnlyDictionary<string, Dataset> Sets, ulong? DataSeed);
