namespace IntraDA.Learning.Inference;

/// <summary>How far answers in bfloat16 are those in float32, on probe images.</summary>
/// <param name="EqualPixels">Share of pixels with the same argmax, 0..1.</param>
/// <param name="RankCorrelation">Spearman's correlation of the images' scores, -1..1.</param>
public sealed record PrecisionAgreement(double EqualPixels, double RankCorrelation)
{
    /// <summary>Least share of equal pixels that lets bfloat16 pass.</summary>
    public const double LeastEqualPixels = 0.995;

    /// <summary>Least correlation that lets bfloat16 pass.</summary>
    public const double LeastRankCorrelation = 0.999;

    /// <summary>Whether bfloat16 answers what float32 answers.</summary>
    public bool Holds => EqualPixels >= LeastEqualPixels && RankCorrelation >= LeastRankCorrelation;
}
