using IntraDA.Gateway.Options;
using IntraDA.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace IntraDA.Gateway.Web;

/// <summary>Where users reach the HTTP/1.1 port.</summary>
internal sealed class WebAddress(GatewayOptions options, IServer server)
{
    public Uri Base => new(options.Web.PublicUrl.Length > 0 ? options.Web.PublicUrl.TrimEnd('/') + "/" : Listening);

    // Kestrel reports its addresses in the order in which they were added, the gRPC port first.
    private string Listening =>
        ServiceHost.Reachable(server.Features.Get<IServerAddressesFeature>()?.Addresses.ElementAtOrDefault(1)
            ?? throw new InvalidOperationException("The gateway has not been started.")) + "/";
}
