using Grpc.Net.Client;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Gateways;

/// <summary>A gateway that answers. Disposing it stops the local services where this command started them.</summary>
/// <param name="address">Its address.</param>
/// <param name="channel">The connection.</param>
/// <param name="server">The services that this command started; null where they were there before.</param>
internal sealed class GatewayConnection(Uri address, GrpcChannel channel, StandaloneProcess? server) : IAsyncDisposable
{
    /// <summary>Calls to the gateway.</summary>
    public GatewayService.GatewayServiceClient Client { get; } = new(channel);

    /// <summary>Its address.</summary>
    public Uri Address => address;

    /// <summary>Whether it runs on this machine and can read this machine's folders.</summary>
    public bool IsLocal => GatewayAddress.IsLocal(address);

    /// <summary>Whether it ends with this command.</summary>
    public bool EndsWithCommand => server is not null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
