using System.Security.Authentication;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace IntraDA.Cli.Gateways;

/// <summary>Opens connections to services that answer.</summary>
internal static class ServiceProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Connects to a service and asks for its health, so that a wrong address is named at once.</summary>
    /// <param name="address">The address.</param>
    /// <param name="credentials">How this user makes itself known.</param>
    /// <param name="what">The service, for the message.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The channel; dispose it.</returns>
    /// <exception cref="RpcException">UNAVAILABLE: it does not answer, or is not ready.</exception>
    public static async Task<GrpcChannel> OpenAsync(
        Uri address, CallerCredentials credentials, string what, TimeProvider clock, CancellationToken cancellationToken)
    {
        var channel = Channels.Open(address, credentials);
        try
        {
            var health = await new Health.HealthClient(channel)
                .CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken)
                .ResponseAsync.WaitAsync(Limit, clock, cancellationToken);
            return health.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? channel
                : throw Unavailable($"the {what} at {address} is not ready; try again in a moment");
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unimplemented)
        {
            // A server without the health service answers all the same.
            return channel;
        }
        catch (Exception exception)
        {
            channel.Dispose();
            if (exception is RpcException { Status.DebugException: { } cause } && cause.GetBaseException() is AuthenticationException)
            {
                throw Unavailable($"the certificate of the {what} at {address} is not trusted here; name its authority with --ca-file FILE");
            }

            if (exception is TimeoutException or RpcException { StatusCode: StatusCode.Unavailable, Status.DebugException: not null })
            {
                throw Unavailable($"no {what} answers at {address}; check the address, or start the services with `intrada serve`");
            }

            throw;
        }
    }

    private static RpcException Unavailable(string message) => new(new Status(StatusCode.Unavailable, message));
}
