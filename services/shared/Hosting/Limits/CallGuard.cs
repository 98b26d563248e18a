using System.Globalization;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IntraDA.Hosting.Limits;

/// <summary>
/// Bounds the time of every gRPC call, and gives the errors that the gRPC library itself finds, before any method of ours is
/// asked, the same form as all others.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="limits">The bounds.</param>
internal sealed class CallGuard(RequestDelegate next, LimitOptions limits)
{
    private const string Timeout = "grpc-timeout";
    private const string Status = "grpc-status";
    private const string Message = "grpc-message";
    private const string Details = "grpc-status-details-bin";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is not { } method)
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        // The library enforces the deadline that this header states, whoever stated it.
        var most = method.Type == MethodType.Unary ? limits.CallSeconds : limits.StreamSeconds;
        if (!IsWithin(http.Request.Headers[Timeout].ToString(), most))
        {
            http.Request.Headers[Timeout] = string.Create(CultureInfo.InvariantCulture, $"{most}S");
        }

        await next(http).ConfigureAwait(false);
        var trailers = http.Response.HasStarted ? http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : http.Response.Headers;
        if (trailers is { IsReadOnly: false } && trailers.ContainsKey(Status) && !trailers.ContainsKey(Details))
        {
            Describe(trailers, method);
        }
    }

    private static void Describe(IHeaderDictionary trailers, IMethod method)
    {
        if (!int.TryParse(trailers[Status], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == (int)StatusCode.OK)
        {
            return;
        }

        var code = (StatusCode)number;
        var (reason, message) = code switch
        {
            // Every exception of a method has gone through the interceptor: what is left is a request that could not be read.
            StatusCode.Unknown or StatusCode.Internal => (
                "BAD_MESSAGE", $"The request is no message of {method.FullName.TrimStart('/')}; it was damaged, or made for another contract."),
            StatusCode.ResourceExhausted => (
                "MESSAGE_TOO_LARGE", "The message is larger than the service's option MaxMessageBytes; send less at a time."),
            _ => (RpcErrors.ReasonOf(code), Uri.UnescapeDataString(trailers[Message].ToString())),
        };
        code = code is StatusCode.Unknown or StatusCode.Internal ? StatusCode.InvalidArgument : code;
        var status = RpcErrors.Create(code, reason, message.Length > 0 ? message : reason, []);
        trailers[Status] = ((int)code).ToString(CultureInfo.InvariantCulture);
        trailers[Message] = Uri.EscapeDataString(status.Message);
        trailers[Details] = Convert.ToBase64String(status.ToByteArray());
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
