using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Workflows.Stages;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Models;

/// <summary>Lists the networks that workflows made.</summary>
internal sealed class ModelLister(WorkflowRepository workflows, StageFiles files)
{
    /// <summary>A page of networks after a position; positions are "INDEX/NUMBER".</summary>
    public async Task<ListModelsResponse> ListAsync(string after, int pageSize, CancellationToken cancellationToken)
    {
        var response = new ListModelsResponse();
        var (index, number) = Split(after);
        var last = after;
        // The workflow of the last page's end may have more: it is looked at again, from the network after that.
        await foreach (var (id, position) in workflows.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            if (string.CompareOrdinal(position, index) < 0
                || await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { Workflow.State: WorkflowState.Succeeded } log)
            {
                continue;
            }

            var context = new StageContext(log.Record, log.Workflow);
            for (var i = position == index ? number + 1 : 0; i < StageOrder.Networks.Count; i++)
            {
                var stage = StageOrder.Networks[i];
                if (context.Output(stage, "weights") is not { } weights)
                {
                    continue;
                }

                if (response.Models.Count == pageSize)
                {
                    response.NextPageToken = last;
                    return response;
                }

                last = $"{position}/{i}";
                response.Models.Add(new TrainedModel
                {
                    WorkflowId = id,
                    Stage = stage,
                    Checkpoint = weights,
                    Miou = await MiouAsync(context, stage, cancellationToken).ConfigureAwait(false),
                });
            }
        }

        return response;
    }

    private static (string Index, int Number) Split(string after)
    {
        var slash = after.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && int.TryParse(after[(slash + 1)..], out var number) ? (after[..slash], number) : ("", -1);
    }

    private async Task<double> MiouAsync(StageContext context, StageKind stage, CancellationToken cancellationToken) =>
        context.Output(StageKind.Evaluate, EvaluateStage.OutputOf(stage)) is { } evaluation
            ? (await files.ReadAsync<EvaluationReport>(evaluation, cancellationToken).ConfigureAwait(false)).Miou
            : -1;
}
