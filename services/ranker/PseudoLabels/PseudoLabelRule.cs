using IntraDA.Contracts.Ranker.V1;

namespace IntraDA.Ranker.PseudoLabels;

/// <summary>Which pixels become labels.</summary>
/// <param name="Policy">The policy, never UNSPECIFIED.</param>
/// <param name="ConfidenceThreshold">CONFIDENCE: least probability of a kept pixel, 0..1.</param>
/// <param name="ClassShare">CLASS_BALANCED: share of each class's pixels that is kept, over 0..1.</param>
public sealed record PseudoLabelRule(PseudoLabelPolicy Policy, double ConfidenceThreshold, double ClassShare)
{
    /// <summary>Whether the policy looks at confidence maps.</summary>
    public bool NeedsConfidence => Policy is PseudoLabelPolicy.Confidence or PseudoLabelPolicy.ClassBalanced;
}
