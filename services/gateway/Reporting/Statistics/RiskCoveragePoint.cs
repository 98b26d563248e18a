namespace IntraDA.Gateway.Reporting.Statistics;

/// <summary>A point of a risk-coverage curve.</summary>
/// <param name="Coverage">Share of the images kept, the most confident first, over 0..1.</param>
/// <param name="Risk">Mean error of the images kept, in the unit of the errors.</param>
/// <param name="OracleRisk">The same where images are kept in the order of their true error: nothing can be lower.</param>
public sealed record RiskCoveragePoint(double Coverage, double Risk, double OracleRisk);
