using IntraDA.Gateway.Reporting.Analysis;

namespace IntraDA.Gateway.Reporting;

/// <summary>What the request's artefacts hold.</summary>
/// <param name="Target">The target's images; empty where it was not scored.</param>
/// <param name="Validation">The validation set's images under the inter network; empty where it was not evaluated.</param>
/// <param name="Curves">Loss curves, in the order of the stages.</param>
/// <param name="Problems">What could not be read although it is there, as sentences.</param>
internal sealed record ReportInputs(
    IReadOnlyList<TargetImage> Target, IReadOnlyList<ValidationImage> Validation, IReadOnlyList<TrainingCurve> Curves,
    IReadOnlyList<string> Problems);
