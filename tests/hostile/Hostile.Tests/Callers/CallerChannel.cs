using Grpc.Core;
using Grpc.Net.Client;
using IntraDA.Access;

namespace IntraDA.Hostile.Tests.Callers;

/// <summary>Connections of callers with, and without, a key.</summary>
internal static class CallerChannel
{
    /// <summary>Opens a connection; nothing is sent until the first call.</summary>
    public static GrpcChannel Open(string address, string? key, CertificateTrust? trust = null)
    {
        var handler = new SocketsHttpHandler();
        if (trust is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, errors) => trust.IsServer(presented, errors);
        }

        var options = new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, UnsafeUseInsecureChannelCallCredentials = true };
        if (key is not null)
        {
            var credentials = CallCredentials.FromInterceptor((_, metadata) =>
            {
                metadata.Add("authorization", "Bearer " + key);
                return Task.CompletedTask;
            });
            options.Credentials = ChannelCredentials.Create(address.StartsWith("https", StringComparison.Ordinal) ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure, credentials);
        }

        return GrpcChannel.ForAddress(address, options);
    }
}
