using System.Collections.Concurrent;
using System.Threading.Channels;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Workflows.Running;

/// <summary>Brings transient events, and the news of durable ones, from the runs in this process to its watchers.</summary>
internal sealed class LiveFeeds
{
    // What a watcher is too slow for is lost to it, oldest first. Durable events are read from the log and are never lost.
    private const int Capacity = 128;

    private readonly ConcurrentDictionary<Guid, (string Id, Channel<WatchWorkflowResponse?> Channel)> _watchers = new();

    /// <summary>Opens a feed of one workflow.</summary>
    public Feed Open(string id)
    {
        var key = Guid.NewGuid();
        var channel = Channel.CreateBounded<WatchWorkflowResponse?>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        _watchers[key] = (id, channel);
        return new Feed(channel.Reader, () => _watchers.TryRemove(key, out _));
    }

    /// <summary>Sends a transient event; null says that the log has grown.</summary>
    public void Publish(string id, WatchWorkflowResponse? transient)
    {
        foreach (var (watched, channel) in _watchers.Values)
        {
            if (watched == id)
            {
                channel.Writer.TryWrite(transient);
            }
        }
    }
}
