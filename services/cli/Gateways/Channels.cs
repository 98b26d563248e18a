using Grpc.Net.Client;

namespace IntraDA.Cli.Gateways;

/// <summary>Opens connections to services.</summary>
internal static class Channels
{
    // Maps of a 40-megapixel photograph stay below this; the library's own limit is 4 MB.
    private const int LargestMessage = 256 * 1024 * 1024;

    /// <summary>Opens a channel; nothing is sent until the first call.</summary>
    /// <param name="address">The service's address.</param>
    /// <param name="credentials">How this user makes itself known.</param>
    /// <returns>The channel; dispose it.</returns>
    public static GrpcChannel Open(Uri address, CallerCredentials credentials) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        HttpHandler = CreateHandler(address, credentials),
        DisposeHttpClient = true,
        MaxReceiveMessageSize = LargestMessage,
        ThrowOperationCanceledOnCancellation = true,
    });

    private static HttpMessageHandler CreateHandler(Uri address, CallerCredentials credentials)
    {
        var handler = new SocketsHttpHandler
        {
            // A proxy for web pages knows nothing of services on this machine.
            UseProxy = !GatewayAddress.IsLocal(address),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(60),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            SslOptions = credentials.ToTls(),
        };
        return credentials.Key is { } key ? new KeyHandler(key, handler) : handler;
    }
}
