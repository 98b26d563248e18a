using System.Diagnostics.CodeAnalysis;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Workflows.Stages;
using IntraDA.Gateway.Workflows.State;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Models;

/// <summary>Finds the checkpoint that a request names.</summary>
internal sealed class ModelResolver(WorkflowRepository workflows, BareKeys keys)
{
    /// <summary>The checkpoint.</summary>
    /// <exception cref="ServiceException">INVALID_ARGUMENT, NOT_FOUND, or FAILED_PRECONDITION where the workflow has none yet.</exception>
    public async Task<Artifact> ResolveAsync([NotNull] WorkflowModel? model, string field, CancellationToken cancellationToken)
    {
        if (model is null || model.ModelCase == WorkflowModel.ModelOneofCase.None)
        {
            throw ServiceException.InvalidArgument(field, "Name a network: the id of a workflow, or a checkpoint.");
        }

        if (model.ModelCase == WorkflowModel.ModelOneofCase.Checkpoint)
        {
            var validator = new RequestValidator();
            validator.Require(
                model.Stage == StageKind.Unspecified, $"{field}.stage", "A stage is chosen together with a workflow, not with a checkpoint.");
            validator.ThrowIfAny();
            return await keys
                .CompleteAsync(model.Checkpoint, $"{field}.checkpoint", SafetensorsReader.MediaType, cancellationToken).ConfigureAwait(false);
        }

        if (model.Stage != StageKind.Unspecified && !StageOrder.Networks.Contains(model.Stage))
        {
            throw ServiceException.InvalidArgument(
                $"{field}.stage", $"{model.Stage} makes no network; {string.Join(", ", StageOrder.Networks)} do.");
        }

        var log = await workflows.GetAsync(model.WorkflowId, cancellationToken).ConfigureAwait(false);
        var context = new StageContext(log.Record, log.Workflow);
        var stages = model.Stage == StageKind.Unspecified ? [StageKind.Intra, StageKind.Inter] : new[] { model.Stage };
        return stages.Select(context.Network).FirstOrDefault(weights => weights is not null)
            ?? throw ServiceException.FailedPrecondition(
                "NO_NETWORK",
                $"{model.WorkflowId} is {log.Workflow.State} and has no network of {string.Join(" or ", stages)}; watch it until it has.");
    }
}
