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

    private IDisposable? Begin() => WorkOrigin.Current().Ids is { Count: > 0 } ids ? logger.BeginScope(ids) : null;
}
