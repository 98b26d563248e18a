using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using IntraDA.Hosting.Access;
using IntraDA.Hosting.Options;

namespace IntraDA.Hosting.Channels;

/// <summary>One channel per address for the life of the process: connections are shared by all calls.</summary>
/// <param name="options">Sets the size limit of messages, and the certificate that is shown to others.</param>
/// <param name="credentials">What this service says of itself, and whom it trusts; null: nothing, and the system's authorities.</param>
public sealed class GrpcChannels(ServiceHostOptions options, Credentials? credentials = null) : IDisposable
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

    /// <summary>The channel to one of the machines behind an address; certificates and requests still bear the address's name.</summary>
    /// <param name="address">An absolute http or https URL.</param>
    /// <param name="ip">The machine; null leaves the choice to the resolver, as <see cref="For(string)"/> does.</param>
    /// <returns>The channel; it belongs to this object.</returns>
    public GrpcChannel For(string address, IPAddress? ip)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        return ip is null ? For(address) : _channels.GetOrAdd($"{address} {ip}", _ => new(() => Create(address, ip))).Value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Value.Dispose();
        }
    }

    private GrpcChannel Create(string address, IPAddress? ip = null) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = _maxMessageBytes,
        MaxSendMessageSize = _maxMessageBytes,
        DisposeHttpClient = true,
        // Retries belong to whoever owns the logical step: a second layer here would multiply them.
        MaxRetryAttempts = 1,
        // A service that was away is found again within this, not after the two minutes to which the library's pauses grow.
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
        MaxReconnectBackoff = TimeSpan.FromSeconds(2),
        HttpHandler = CreateHandler(ip),
    });

    private HttpMessageHandler CreateHandler(IPAddress? ip)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = TimeSpan.FromSeconds(60),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            SslOptions = CreateTls(),
        };
        if (ip is not null)
        {
            handler.ConnectCallback = (context, token) => ConnectAsync(ip, context.DnsEndPoint.Port, token);
        }

        return credentials?.ServiceKey is { } key ? new ServiceKeyHandler(key, handler) : handler;
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress ip, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(ip, port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private SslClientAuthenticationOptions CreateTls()
    {
        var tls = new SslClientAuthenticationOptions();
        if (credentials?.Servers is { } trust)
        {
            tls.RemoteCertificateValidationCallback = (_, certificate, _, errors) => trust.IsServer(certificate, errors);
        }

        if (options.CertificateFile is { Length: > 0 } file && credentials is not null)
        {
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(file, options.KeyFile)];
        }

        return tls;
    }
}
