using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Studies;

/// <summary>What one finished workflow of a study measured.</summary>
/// <param name="Name">Name of the variant.</param>
/// <param name="Seed">Training seed.</param>
/// <param name="Workflow">The workflow in its final state.</param>
/// <param name="Miou">mIoU in percent by network; those that were not measured are left out.</param>
internal sealed record CellResult(string Name, ulong Seed, Workflow Workflow, IReadOnlyDictionary<string, double> Miou)
{
    /// <summary>The stages that have a result, whether made by this workflow or found.</summary>
    public IEnumerable<Stage> Stages => Workflow.Stages.Where(stage => stage.State == WorkflowState.Succeeded);
}
