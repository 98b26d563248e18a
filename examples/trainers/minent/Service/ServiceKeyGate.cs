using System.Security.Cryptography;
using System.Text;
using Grpc.Core;

namespace MinEntTrainer.Service;

/// <summary>Lets those in who show the services' key, and everybody to the health service, so that probes need none.</summary>
/// <param name="next">What comes behind.</param>
/// <param name="settings">The key.</param>
internal sealed class ServiceKeyGate(RequestDelegate next, Settings settings)
{
    private const string Scheme = "Bearer ";
    private const string Open = "/grpc.health.v1.Health/";

    private readonly byte[] _expected = SHA256.HashData(Encoding.UTF8.GetBytes(settings.Auth.ServiceKey));

    /// <summary>Looks at one call.</summary>
    /// <param name="context">The call.</param>
    /// <returns>A task that ends with the answer.</returns>
    public Task InvokeAsync(HttpContext context)
    {
        if (settings.Auth.ServiceKey.Length == 0
            || context.Request.Path.StartsWithSegments(Open.TrimEnd('/'), StringComparison.Ordinal)
            || IsKey(context.Request.Headers.Authorization.ToString()))
        {
            return next(context);
        }

        context.Response.ContentType = "application/grpc";
        context.Response.AppendTrailer("grpc-status", ((int)StatusCode.Unauthenticated).ToString(System.Globalization.CultureInfo.InvariantCulture));
        context.Response.AppendTrailer("grpc-message", "The services' key is needed: authorization: Bearer KEY.");
        return Task.CompletedTask;
    }

    // Digests are compared, in constant time: neither length nor content of the key shows in the time that it takes.
    private bool IsKey(string header) =>
        header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _expected);
}
