using System.Collections.Concurrent;
using System.Net.Security;
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
        HttpHandler = CreateHandler(),
    });

    private HttpMessageHandler CreateHandler()
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
        return credentials?.ServiceKey is { } key ? new ServiceKeyHandler(key, handler) : handler;
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
