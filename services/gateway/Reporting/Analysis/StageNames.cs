using System.Text.Json;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>Names of stages and states.</summary>
public static class StageNames
{
    /// <summary>A stage's name in report.json, e.g. "source_continued".</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>Its name in lower snake case.</returns>
    public static string Key(StageKind stage) => JsonNamingPolicy.SnakeCaseLower.ConvertName(stage.ToString());

    /// <summary>A state's name in report.json, e.g. "succeeded".</summary>
    /// <param name="state">The state.</param>
    /// <returns>Its name in lower snake case.</returns>
    public static string Key(WorkflowState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    /// <summary>A stage's name for people.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>Its name.</returns>
    public static string Label(StageKind stage) => stage switch
    {
        StageKind.Source => "Source",
        StageKind.Inter => "Inter (step one)",
        StageKind.Score => "Score",
        StageKind.Rank => "Rank",
        StageKind.PseudoLabel => "Pseudo-labels",
        StageKind.Intra => "Intra (step two)",
        StageKind.SourceContinued => "Control: source trained as long as inter",
        StageKind.SourceRenormalized => "Control: source with statistics of the target",
        StageKind.InterContinued => "Control: inter trained on as long as intra",
        StageKind.Evaluate => "Evaluate",
        StageKind.Report => "Report",
        _ => Key(stage),
    };
}
