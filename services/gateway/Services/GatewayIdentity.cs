using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Hosting;

namespace IntraDA.Gateway.Services;

/// <summary>Who this gateway is.</summary>
internal sealed class GatewayIdentity
{
    public const string Name = "intrada-gateway";

    public ServiceInfo Info { get; } = ServiceIdentity.Describe(Name, typeof(GatewayIdentity).Assembly);
}
