namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Nothing to do.</summary>
/// <param name="Reason">Why, in one sentence.</param>
internal sealed record SkippedStage(string Reason) : StagePlan;
