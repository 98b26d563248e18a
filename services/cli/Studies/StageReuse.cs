using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Studies;

/// <summary>How often a stage ran in a study.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Cells">Cells that have its result.</param>
/// <param name="Reused">Cells that found the result instead of making it.</param>
internal sealed record StageReuse(StageKind Stage, int Cells, int Reused);
