using System.Collections.Concurrent;
using Grpc.Net.Client;
using IntraDA.Hosting.Options;

namespace IntraDA.Hosting.Channels;

/// <summary>One channel per address for the life of the process: connections are shared by all calls.</summary>
/// <param name="options">Sets the size limit of messages.</param>
public sealed class GrpcChannels(ServiceHostOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<GrpcChannel>> _channels = new(StringComparer.Ordinal);
    private readonly int _maxMessageBytes = options.MaxMessageBytes;

    /// <summary>The channel to an address.</summary>
    /// <param name="address">An absolute http or https URL.</param>
    /// <returns>The channel; it belongs to this object.</returns>
    public GrpcChannel For(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        return _channels.GetOrAdd(address, key => new(() => Create(key))).Value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Value.Dispose();
        }
    }

    private GrpcChannel Create(string address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = _maxMessageBytes,
        MaxSendMessageSize = _maxMessageBytes,
        DisposeHttpClient = true,
        // Retries belong to whoever owns the logical step: a second layer here would multiply them.
        MaxRetryAttempts = 1,
        HttpHandler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = TimeSpan.FromSeconds(60),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        },
    });
}
