using IntraDA.Cli.Errors;
using IntraDA.Cli.Workflows;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Predict;

/// <summary>Finds the checkpoint of a workflow's network, for callers that talk to a segmenter directly.</summary>
internal static class CheckpointResolver
{
    private const string WeightsOutput = "weights";

    /// <summary>Finds the checkpoint.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="stage">The stage; unspecified: intra, else inter.</param>
    /// <returns>Where the weights are.</returns>
    /// <exception cref="CliException">The workflow has no such network.</exception>
    public static Artifact Find(Workflow workflow, StageKind stage)
    {
        StageKind[] wanted = stage == StageKind.Unspecified ? [StageKind.Intra, StageKind.Inter] : [stage];
        foreach (var kind in wanted)
        {
            var weights = workflow.Stages
                .Where(made => made.Kind == kind && made.State == WorkflowState.Succeeded)
                .Select(made => made.Outputs.GetValueOrDefault(WeightsOutput))
                .FirstOrDefault(artifact => artifact is not null);
            if (weights is not null)
            {
                return weights;
            }

            // Without iterations of step one its network is the one that the workflow was given.
            if (kind == StageKind.Inter && workflow.Spec is { InterOptions: { HasIterations: true, Iterations: 0 }, InitialWeights: { } given })
            {
                return given;
            }
        }

        throw new CliException(
            $"workflow {workflow.Id} has no network of stage {string.Join(" or ", wanted.Select(StageNames.Human))}; " +
            $"see `intrada workflows show {workflow.Id}`");
    }
}
