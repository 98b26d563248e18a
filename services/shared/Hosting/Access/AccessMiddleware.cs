using System.Globalization;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using IntraDA.Access;
using IntraDA.Hosting.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace IntraDA.Hosting.Access;

/// <summary>
/// Turns callers away before anything of their request is read: those who do not say who they are, and those who may not do
/// what they ask for.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="credentials">Who is known.</param>
/// <param name="logger">Told who was turned away, never by what key.</param>
internal sealed class AccessMiddleware(RequestDelegate next, Credentials credentials, ILogger<AccessMiddleware> logger)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var method = endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
        if (!credentials.AreNeeded
            || method?.ServiceName == AccessTable.OpenService
            || endpoint?.Metadata.GetMetadata<RequireRoleMetadata>() is { Least: null })
        {
            return next(http);
        }

        if (Identify(http) is not { } caller)
        {
            logger.LogInformation("{Path}: refused, the caller is not known", http.Request.Path);
            return RefuseAsync(
                http,
                StatusCode.Unauthenticated,
                StatusCodes.Status401Unauthorized,
                ErrorReasons.Unauthenticated,
                "This service asks who calls: send a valid API key (INTRADA_API_KEY or --api-key-file), or use a client certificate of its authority.");
        }

        var allowed = method is not null
            ? AccessTable.Find(method.ServiceName, method.Name)?.Allows(caller.Role) == true
            // What is nothing of ours is told as such, to callers who are known.
            : endpoint?.Metadata.GetMetadata<RequireRoleMetadata>() is not { Least: { } least }
                || new AccessRule(least, Services: false).Allows(caller.Role);
        if (!allowed)
        {
            logger.LogInformation("{Path}: refused to {Caller}, whose role is {Role}", http.Request.Path, caller.Id, caller.Role);
            var needed = method is null ? null : AccessTable.Find(method.ServiceName, method.Name)?.Least;
            return RefuseAsync(
                http,
                StatusCode.PermissionDenied,
                StatusCodes.Status403Forbidden,
                ErrorReasons.PermissionDenied,
                $"{http.Request.Path.Value?.TrimStart('/')} needs the role {CallerRoles.NameOf(needed ?? CallerRole.Admin)}; {caller.Id} has {CallerRoles.NameOf(caller.Role)}.");
        }

        return next(http);
    }

    private static Task RefuseAsync(HttpContext http, StatusCode code, int httpStatus, string reason, string message)
    {
        var response = http.Response;
        if (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            // A status without a message travels in the headers alone.
            var status = RpcErrors.Create(code, reason, message, []);
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = "application/grpc";
            response.Headers["grpc-status"] = ((int)code).ToString(CultureInfo.InvariantCulture);
            response.Headers["grpc-message"] = Uri.EscapeDataString(status.Message);
            response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray());
            return Task.CompletedTask;
        }

        response.StatusCode = httpStatus;
        response.ContentType = "text/plain; charset=utf-8";
        if (httpStatus == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        return response.WriteAsync(message + "\n", http.RequestAborted);
    }

    private Caller? Identify(HttpContext http)
    {
        if (http.Request.Headers.TryGetValue(HeaderNames.Authorization, out var values))
        {
            // Two credentials in one request are none.
            return values is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? credentials.FindKey(header[Scheme.Length..].Trim())
                : null;
        }

        return credentials.AcceptsCertificates && http.Connection.ClientCertificate is { } certificate
            ? credentials.FindCertificate(certificate)
            : null;
    }
}
