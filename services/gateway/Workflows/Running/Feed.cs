using System.Threading.Channels;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Workflows.Running;

/// <summary>One watcher's feed.</summary>
internal sealed class Feed(ChannelReader<WatchWorkflowResponse?> reader, Action close) : IDisposable
{
    private Task<bool>? _waiting;

    /// <summary>Waits until there is something, but no longer than a while.</summary>
    /// <returns>Whether there is something.</returns>
    public async Task<bool> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        // A wait that ran out is kept for the next time: waits that nobody ends would pile up inside the channel.
        _waiting ??= reader.WaitToReadAsync(CancellationToken.None).AsTask();
        try
        {
            await _waiting.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
            _waiting = null;
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public bool TryRead(out WatchWorkflowResponse? transient) => reader.TryRead(out transient);

    public void Dispose() => close();
}
