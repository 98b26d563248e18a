using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Workflows.State;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Workflows.Running;

/// <summary>Sends a workflow's events to a caller: the durable ones all and in order, the transient ones as they come.</summary>
internal sealed class WorkflowWatcher(WorkflowRepository workflows, LiveFeeds feeds, TimeProvider time)
{
    // How soon a watcher hears of a workflow that another gateway drives.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public async Task WatchAsync(
        string id, ulong afterSequence, IServerStreamWriter<WatchWorkflowResponse> events, CancellationToken cancellationToken)
    {
        using var feed = feeds.Open(id);
        var log = await workflows.GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (afterSequence > log.Workflow.LastSequence)
        {
            throw ServiceException.InvalidArgument(
                "after_sequence", $"The last event of {id} is {log.Workflow.LastSequence}; {afterSequence} has not happened.");
        }

        var sent = afterSequence;
        while (true)
        {
            sent = await SendDurableAsync(log, sent, events, cancellationToken).ConfigureAwait(false);
            if (WorkflowFold.IsFinal(log.Workflow.State) && sent >= log.Workflow.LastSequence)
            {
                return;
            }

            while (feed.TryRead(out var transient))
            {
                if (transient is null)
                {
                    continue;
                }

                sent = await SendDurableAsync(log, sent, events, cancellationToken).ConfigureAwait(false);
                // One from before the durable events that were just sent would turn the sequence back.
                if (transient.Sequence >= sent)
                {
                    await events.WriteAsync(transient, cancellationToken).ConfigureAwait(false);
                }
            }

            if (!await feed.WaitAsync(LookAgain, time, cancellationToken).ConfigureAwait(false))
            {
                // Silence may mean that another gateway drives it: its events are in the store only.
                await log.RefreshAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<ulong> SendDurableAsync(
        WorkflowLog log, ulong sent, IServerStreamWriter<WatchWorkflowResponse> events, CancellationToken cancellationToken)
    {
        foreach (var change in log.EventsAfter(sent))
        {
            await events.WriteAsync(change, cancellationToken).ConfigureAwait(false);
            sent = change.Sequence;
        }

        return sent;
    }
}
