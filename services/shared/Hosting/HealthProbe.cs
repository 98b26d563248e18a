using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using IntraDA.Hosting.Options;

namespace IntraDA.Hosting;

/// <summary>Asks a service on this machine how it is: the health check of an image that has no other program in it.</summary>
internal static class HealthProbe
{
    /// <summary>First word of the command line that asks, in place of starting the service.</summary>
    public const string Command = "healthcheck";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Asks the service that runs with the same configuration.</summary>
    /// <param name="options">Where it listens.</param>
    /// <returns>Exit code: 0 where it serves, 1 otherwise; why not is one line on standard error.</returns>
    public static async Task<int> RunAsync(ServiceHostOptions options)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        if (options.CertificateFile is { Length: > 0 } file)
        {
            // The certificate names the host that clients use, not the loopback address: here it has to be the very one that is configured.
            using var own = X509CertificateLoader.LoadCertificateFromFile(file);
            var expected = own.GetCertHashString(HashAlgorithmName.SHA256);
            handler.SslOptions.RemoteCertificateValidationCallback =
                (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == expected;
        }

        using var channel = GrpcChannel.ForAddress(ServiceHost.Reachable(options.Listen), new GrpcChannelOptions { HttpHandler = handler });
        try
        {
            var answer = await new Health.HealthClient(channel)
                .CheckAsync(new HealthCheckRequest(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Limit)
                .ConfigureAwait(false);
            if (answer.Status == HealthCheckResponse.Types.ServingStatus.Serving)
            {
                return 0;
            }

            await Console.Error.WriteLineAsync($"error: {options.Listen} answers {answer.Status}").ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            await Console.Error.WriteLineAsync($"error: {options.Listen} does not answer: {e.Status.Detail}").ConfigureAwait(false);
        }

        return 1;
    }
}
