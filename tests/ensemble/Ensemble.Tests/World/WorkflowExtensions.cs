using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Ensemble.Tests.World;

internal static class WorkflowExtensions
{
    public static Stage Stage(this Workflow workflow, StageKind kind) => workflow.Stages.Single(stage => stage.Kind == kind);

    public static string Weights(this Workflow workflow, StageKind kind) => workflow.Stage(kind).Outputs["weights"].Sha256;
}
