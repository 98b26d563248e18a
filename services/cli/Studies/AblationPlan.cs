using IntraDA.Contracts.Ranker.V1;

namespace IntraDA.Cli.Studies;

/// <summary>The paper's ablation, and three rows more.</summary>
internal static class AblationPlan
{
    /// <summary>Names of the rows of step two.</summary>
    public static IReadOnlyList<string> RowNames { get; } = [.. Of(PaperTables.PublishedLambda).Variants.Select(variant => variant.Name)];

    /// <summary>Plans an ablation.</summary>
    /// <param name="lambda">Share of easy images, above 0 and below 1.</param>
    /// <param name="rows">Those of <see cref="RowNames"/> that are measured, at least one; all where this is null.</param>
    /// <returns>The plan.</returns>
    public static StudyPlan Of(double lambda, IReadOnlyCollection<string>? rows = null)
    {
        StudyVariant[] variants =
        [
            new("both", settings => settings with { Lambda = lambda }),
            new("adversary-only", settings => settings with { Lambda = lambda, SkipSelfTraining = true }),
            new("self-training-only", settings => settings with { Lambda = 1 }),
            new("both-rare-class", settings => settings with { Lambda = lambda, Ranking = RankingMethod.RareClass }),
            new("both-source-kept", settings => settings with { Lambda = lambda, KeepSource = true }),
            new("both-class-balanced", settings => settings with
            {
                Lambda = lambda,
                PseudoLabels = new PseudoLabelOptions(settings.PseudoLabels) { Policy = PseudoLabelPolicy.ClassBalanced },
            }),
        ];
        StudyRow[] intra =
        [
            StudyRow.Intra("adversary-only", "intra adversary only", PaperTables.AdversaryOnly, lambda),
            StudyRow.Intra("self-training-only", "self-training only", PaperTables.SelfTrainingOnly, 1),
            StudyRow.Intra("both", "both", PaperTables.Both, lambda),
            StudyRow.Intra("both-rare-class", "both + rare-class factor", PaperTables.BothNormalized, lambda),
            StudyRow.Intra("both-source-kept", "both + source kept", paper: null, lambda),
            StudyRow.Intra("both-class-balanced", "both + class-balanced labels", paper: null, lambda),
        ];
        var plan = new StudyPlan("ablation", "Ablation", variants, [.. StudyRow.Baselines, .. intra]);
        return rows is null ? plan : plan.Without([.. variants.Where(variant => !rows.Contains(variant.Name))]);
    }
}
