using IntraDA.Cli.Workflows;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;

namespace IntraDA.Cli.Studies;

/// <summary>How much of a study's work its cells shared through the stage cache.</summary>
/// <param name="Stages">By stage, in the order in which they run.</param>
/// <param name="RepeatedStages">Shared stages that ran more than once for a seed; empty where sharing works.</param>
/// <param name="ScoresTwice">Whether some cells need the confidences of predictions and others do not, which are two scorings.</param>
internal sealed record StudyReuse(IReadOnlyList<StageReuse> Stages, IReadOnlyList<StageKind> RepeatedStages, bool ScoresTwice)
{
    // Nothing else that a study varies enters them, so one run a seed must do.
    private static readonly StageKind[] Shared = [StageKind.Source, StageKind.Inter, StageKind.Score];

    /// <summary>Stages with a result, over all cells.</summary>
    public int Total => Stages.Sum(stage => stage.Cells);

    /// <summary>How many of them were reused.</summary>
    public int Reused => Stages.Sum(stage => stage.Reused);

    /// <summary>One sentence for people.</summary>
    public string Sentence =>
        $"{Reused} of {Total} stages were reused; " +
        (RepeatedStages.Count == 0
            ? $"source, inter and score ran at most once per seed{(ScoresTwice ? ", score once more for labels chosen by confidence" : "")}."
            : $"{string.Join(", ", RepeatedStages.Select(StageNames.Human))} ran more than once for a seed, although the cells share it.");

    /// <summary>Counts.</summary>
    /// <param name="cells">The finished cells.</param>
    /// <returns>The counts.</returns>
    public static StudyReuse Of(IReadOnlyList<CellResult> cells)
    {
        var stages = cells.SelectMany(cell => cell.Stages)
            .GroupBy(stage => stage.Kind)
            .OrderBy(group => group.Key)
            .Select(group => new StageReuse(group.Key, group.Count(), group.Count(stage => stage.Reused)));
        var repeated = Shared.Where(kind => cells.GroupBy(cell => (cell.Seed, kind == StageKind.Score && NeedsConfidences(cell)))
            .Any(seed => seed.SelectMany(cell => cell.Stages).Count(stage => stage.Kind == kind && !stage.Reused) > 1));
        return new StudyReuse([.. stages], [.. repeated], cells.Select(NeedsConfidences).Distinct().Count() > 1);
    }

    private static bool NeedsConfidences(CellResult cell) =>
        cell.Workflow.Spec?.PseudoLabels?.Policy is PseudoLabelPolicy.Confidence or PseudoLabelPolicy.ClassBalanced;
}
