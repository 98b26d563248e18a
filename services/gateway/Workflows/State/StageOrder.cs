using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>The stages in the order in which they run.</summary>
internal static class StageOrder
{
    public static IReadOnlyList<StageKind> All { get; } =
    [
        StageKind.Source,
        StageKind.Inter,
        StageKind.Score,
        StageKind.Rank,
        StageKind.PseudoLabel,
        StageKind.Intra,
        StageKind.SourceContinued,
        StageKind.SourceRenormalized,
        StageKind.InterContinued,
        StageKind.Evaluate,
        StageKind.Report,
    ];

    /// <summary>The stages that make a network, in the order of the report.</summary>
    public static IReadOnlyList<StageKind> Networks { get; } =
    [
        StageKind.Source,
        StageKind.SourceContinued,
        StageKind.SourceRenormalized,
        StageKind.Inter,
        StageKind.InterContinued,
        StageKind.Intra,
    ];

    /// <summary>A stage's name in keys and outputs, e.g. "pseudo_label".</summary>
    public static string NameOf(StageKind kind) =>
        string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
