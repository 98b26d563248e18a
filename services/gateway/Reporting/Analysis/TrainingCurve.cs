using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>One loss term over one training, thinned to what a chart can show.</summary>
/// <param name="Stage">The training.</param>
/// <param name="Term">The term's name, e.g. "seg_main".</param>
/// <param name="Iterations">Middle iteration of each point.</param>
/// <param name="Values">Mean value of each point.</param>
/// <param name="Smoothed">Moving mean of all values at each point.</param>
public sealed record TrainingCurve(
    StageKind Stage, string Term, IReadOnlyList<double> Iterations, IReadOnlyList<double> Values, IReadOnlyList<double> Smoothed);
