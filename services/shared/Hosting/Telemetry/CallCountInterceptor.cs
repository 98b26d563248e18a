using Grpc.Core;
using Grpc.Core.Interceptors;
using IntraDA.Hosting.Errors;

namespace IntraDA.Hosting.Telemetry;

/// <summary>Counts calls by method and gRPC status; the HTTP status that the framework counts is 200 for a failed call, too.</summary>
/// <param name="telemetry">Counts.</param>
internal sealed class CallCountInterceptor(ServiceTelemetry telemetry) : Interceptor
{
    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, () => continuation(request, context));

    /// <inheritdoc/>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, () => continuation(requestStream, context));

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, () => WithResultAsync(continuation(request, responseStream, context)));

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, () => WithResultAsync(continuation(requestStream, responseStream, context)));

    private static async Task<bool> WithResultAsync(Task call)
    {
        await call.ConfigureAwait(false);
        return true;
    }

    private async Task<T> CountAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        var status = StatusCode.OK;
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            status = e.StatusCode;
            throw;
        }
        finally
        {
            telemetry.CountCall(context.Method, RpcErrors.ReasonOf(status));
        }
    }
}
