namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>What a stage will do.</summary>
internal abstract record StagePlan
{
    private protected StagePlan()
    {
    }

    public static StagePlan Skip(string reason) => new SkippedStage(reason);
}
