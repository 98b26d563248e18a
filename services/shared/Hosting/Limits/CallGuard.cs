using System.Globalization;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace IntraDA.Hosting.Limits;

/// <summary>
/// Bounds the time of every gRPC call, and gives the errors that the gRPC library itself finds, before any method of ours is
/// asked, the same form as all others.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="limits">The bounds.</param>
/// <param name="logger">Told of requests that no method has seen.</param>
internal sealed class CallGuard(RequestDelegate next, LimitOptions limits, ILogger<CallGuard> logger)
{
    private const string Timeout = "grpc-timeout";
    private const string Status = "grpc-status";
    private const string Message = "grpc-message";
    private const string Details = "grpc-status-details-bin";

    public async Task InvokeAsync(HttpContext http)
    {
        var method = http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
        if (method is not null)
        {
            // The library enforces the deadline that this header states, whoever stated it.
            var most = method.Type == MethodType.Unary ? limits.CallSeconds : limits.StreamSeconds;
            if (!IsWithin(http.Request.Headers[Timeout].ToString(), most))
            {
                http.Request.Headers[Timeout] = string.Create(CultureInfo.InvariantCulture, $"{most}S");
            }
        }

        await next(http).ConfigureAwait(false);
        var trailers = http.Response.HasStarted ? http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : http.Response.Headers;
        if (trailers is { IsReadOnly: false } && trailers.ContainsKey(Status) && !trailers.ContainsKey(Details))
        {
            Describe(trailers, http.Request.Path.Value?.TrimStart('/') ?? "");
        }
    }

    private void Describe(IHeaderDictionary trailers, string path)
    {
        if (!int.TryParse(trailers[Status], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == (int)StatusCode.OK)
        {
            return;
        }

        var code = (StatusCode)number;
        var said = Uri.UnescapeDataString(trailers[Message].ToString());
        var (reason, message) = code switch
        {
            // Every exception of a method has gone through the interceptor: what is left is a request that could not be read.
            StatusCode.Unknown or StatusCode.Internal => (
                ErrorReasons.BadMessage, $"The request is no message of {path}; it was damaged, or made for another contract."),
            StatusCode.ResourceExhausted => (ErrorReasons.MessageTooLarge, ErrorReasons.TooLarge),
            _ => (RpcErrors.ReasonOf(code), said.Length > 0 ? said : RpcErrors.ReasonOf(code)),
        };
        code = code is StatusCode.Unknown or StatusCode.Internal ? StatusCode.InvalidArgument : code;
        var status = RpcErrors.Create(code, reason, message, []);
        trailers[Status] = ((int)code).ToString(CultureInfo.InvariantCulture);
        trailers[Message] = Uri.EscapeDataString(status.Message);
        trailers[Details] = Convert.ToBase64String(status.ToByteArray());
        logger.LogInformation("{Path}: {Code}: {Message}", path, code, status.Message);
    }

    // gRPC over HTTP/2: up to 8 digits and one of H, M, S, m, u, n.
    private static bool IsWithin(string timeout, int seconds)
    {
        if (timeout.Length is < 2 or > 9
            || !long.TryParse(timeout.AsSpan(0, timeout.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        double? unit = timeout[^1] switch { 'H' => 3600, 'M' => 60, 'S' => 1, 'm' => 1e-3, 'u' => 1e-6, 'n' => 1e-9, _ => null };
        return value * unit <= seconds;
    }
}
