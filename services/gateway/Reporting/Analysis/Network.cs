using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>A network that a workflow can make, as the report names it.</summary>
/// <param name="Stage">The stage that makes it.</param>
/// <param name="Key">Its name in report.json.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="ShortLabel">The same for a table's narrow head.</param>
/// <param name="IsControl">Whether it is there only to be compared with.</param>
public sealed record Network(StageKind Stage, string Key, string Label, string ShortLabel, bool IsControl)
{
    /// <summary>The source-only network.</summary>
    public static Network SourceOnly { get; } = new(StageKind.Source, "source_only", "Source only", "Source", IsControl: false);

    /// <summary>The network of step one.</summary>
    public static Network Inter { get; } = new(StageKind.Inter, "inter", "Inter: step one", "Inter", IsControl: false);

    /// <summary>The network of step two.</summary>
    public static Network Intra { get; } = new(StageKind.Intra, "intra", "Intra: step two", "Intra", IsControl: false);

    /// <summary>Control of <see cref="Inter"/>.</summary>
    public static Network SourceContinued { get; } = new(
        StageKind.SourceContinued, "source_continued", "Source only, trained as long as inter", "Source, as long", IsControl: true);

    /// <summary>Control of <see cref="Inter"/>.</summary>
    public static Network SourceRenormalized { get; } = new(
        StageKind.SourceRenormalized, "source_renormalized", "Source only, statistics from the target", "Source, target stats",
        IsControl: true);

    /// <summary>Control of <see cref="Intra"/>.</summary>
    public static Network InterContinued { get; } = new(
        StageKind.InterContinued, "inter_continued", "Inter, trained on as long as intra", "Inter, as long", IsControl: true);

    /// <summary>All networks: the method's own, then the controls.</summary>
    public static IReadOnlyList<Network> All { get; } =
        [SourceOnly, Inter, Intra, SourceContinued, SourceRenormalized, InterContinued];
}
