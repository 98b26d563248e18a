using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace IntraDA.Hosting.Telemetry;

/// <summary>Puts the workflow and the stage for which a call is made into every line that is logged during it.</summary>
/// <param name="logger">Holds the scope.</param>
internal sealed class LogScopeInterceptor(ILogger<LogScopeInterceptor> logger) : Interceptor
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var scope = Begin();
        return await continuation(request, context).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var scope = Begin();
        await continuation(request, responseStream, context).ConfigureAwait(false);
    }

    private IDisposable? Begin()
    {
        var ids = Activity.Current?.Baggage
            .Where(item => item.Key is "workflow" or "stage" && item.Value is { Length: <= 64 })
            .Select(item => new KeyValuePair<string, object>(item.Key, item.Value!))
            .ToArray();
        return ids is { Length: > 0 } ? logger.BeginScope(ids) : null;
    }
}
