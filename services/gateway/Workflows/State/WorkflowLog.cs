using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>A workflow's durable events: one object each, created under its number, so that no number is written twice.</summary>
internal sealed class WorkflowLog(WorkflowRecord record, IArtifactStore store, TimeProvider time) : IDisposable
{
    private const int MaxEventBytes = 4 << 20;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _prefix = $"workflows/{record.Id}/events/";
    private volatile State _state = new([], record.Created.Clone());

    public WorkflowRecord Record { get; } = record;

    /// <summary>The workflow after the last event known here. Not to be changed.</summary>
    public Workflow Workflow => _state.Workflow;

    /// <summary>
    /// Durable events after a number, as a watcher gets them: one that ended the workflow carries all of it, and is left out
    /// where the workflow was resumed after it, so that it is always a stream's last.
    /// </summary>
    public IReadOnlyList<WatchWorkflowResponse> EventsAfter(ulong sequence)
    {
        var state = _state;
        return
        [
            .. state.Events
                .Where(e => e.Sequence > sequence)
                .Where(e => e.Workflow is null || e.Sequence == state.Workflow.LastSequence)
                .Select(e => e.Workflow is null
                    ? e
                    : new WatchWorkflowResponse { Sequence = e.Sequence, Time = e.Time, Workflow = state.Workflow }),
        ];
    }

    /// <summary>Reads events that others wrote since.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ReadNewAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Appends a change of a stage.</summary>
    public Task AppendAsync(Stage stage, CancellationToken cancellationToken) =>
        AppendAsync(new WatchWorkflowResponse { Stage = stage.Clone() }, cancellationToken);

    /// <summary>Appends the end of the workflow.</summary>
    public Task AppendEndAsync(Workflow end, CancellationToken cancellationToken) => AppendAsync(
        new WatchWorkflowResponse
        {
            Workflow = new Workflow
            {
                Id = Record.Id,
                State = end.State,
                EndTime = end.EndTime,
                Error = end.Error,
                ReportHtml = end.ReportHtml,
                ReportJson = end.ReportJson,
            },
        },
        cancellationToken);

    public void Dispose() => _gate.Dispose();

    private async Task AppendAsync(WatchWorkflowResponse change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            change.Sequence = _state.Workflow.LastSequence + 1;
            change.Time = Timestamp.FromDateTimeOffset(time.GetUtcNow());
            var bytes = ProtoJson.FormatBytes(change);
            var key = KeyOf(change.Sequence);
            if (await store.TryCreateAsync(key, bytes, "application/json", cancellationToken).ConfigureAwait(false) is null)
            {
                // The number may be taken by an earlier try to append this very event whose answer was lost; only its time differs then.
                var there = await ReadAsync(key, cancellationToken).ConfigureAwait(false);
                (var own, change.Time) = (change.Time, there.Time);
                if (!there.Equals(change))
                {
                    change.Time = own;
                    await ReadNewAsync(cancellationToken).ConfigureAwait(false);
                    throw new OwnershipLostException(Record.Id);
                }
            }

            Add(change);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ReadNewAsync(CancellationToken cancellationToken)
    {
        var known = KeyOf(_state.Workflow.LastSequence);
        await foreach (var key in store.ListAsync(_prefix, cancellationToken).ConfigureAwait(false))
        {
            if (string.CompareOrdinal(key, known) > 0)
            {
                Add(await ReadAsync(key, cancellationToken).ConfigureAwait(false));
            }
        }
    }

    private async Task<WatchWorkflowResponse> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var bytes = await store.ReadBytesAsync(new Artifact { Key = key }, MaxEventBytes, cancellationToken).ConfigureAwait(false);
        try
        {
            var change = ProtoJson.Parse<WatchWorkflowResponse>(bytes);
            return change.EventCase is WatchWorkflowResponse.EventOneofCase.Stage or WatchWorkflowResponse.EventOneofCase.Workflow
                && KeyOf(change.Sequence) == key
                ? change
                : throw new ArtifactDamagedException(key, "it is not the durable event that its number says.");
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new ArtifactDamagedException(key, $"it is no event of a workflow ({e.Message}).");
        }
    }

    private void Add(WatchWorkflowResponse change) =>
        _state = new([.. _state.Events, change], WorkflowFold.Apply(_state.Workflow, change));

    private string KeyOf(ulong sequence) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{sequence:d8}.json");

    // Replaced as a whole, so that readers need no lock.
    private sealed record State(IReadOnlyList<WatchWorkflowResponse> Events, Workflow Workflow);
}
