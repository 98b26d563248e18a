using IntraDA.Gateway.Reporting.Statistics;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>How the target was split, and how far the score behind it can be trusted.</summary>
public sealed record RankingResults
{
    /// <summary>The target's images; empty where it was not scored.</summary>
    public required IReadOnlyList<TargetImage> Target { get; init; }

    /// <summary>The validation set's images under the inter network; empty where it was not evaluated.</summary>
    public required IReadOnlyList<ValidationImage> Validation { get; init; }

    /// <summary>Share of images that the spec calls easy, 0..1; null where it says nothing.</summary>
    public required double? Lambda { get; init; }

    /// <summary>Easy images; null where nothing was ranked.</summary>
    public required int? Easy { get; init; }

    /// <summary>Hard images; null where nothing was ranked.</summary>
    public required int? Hard { get; init; }

    /// <summary>Score of the last easy image; null where there is none.</summary>
    public required double? Threshold { get; init; }

    /// <summary>Chance that a hard target image scores above an easy one, by the hidden difficulty; null where it is not known.</summary>
    public required double? AucDifficulty { get; init; }

    /// <summary>The hidden conditions, easy ones first; empty where none is known.</summary>
    public required IReadOnlyList<ConditionResult> Conditions { get; init; }

    /// <summary>Rank correlation of score and error on the validation set; null where it cannot be told.</summary>
    public required double? SpearmanError { get; init; }

    /// <summary>Risk over coverage on the validation set; null where there is no image.</summary>
    public required RiskCoverageCurve? RiskCoverage { get; init; }
}
