using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MinEntTrainer.Service;

/// <summary>Turns exceptions into statuses with details.</summary>
/// <param name="logger">Told of defects.</param>
internal sealed class RefusalInterceptor(ILogger<RefusalInterceptor> logger) : Interceptor
{
    /// <inheritdoc />
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (e is not (RpcException or OperationCanceledException))
        {
            throw Explain(e, context);
        }
    }

    /// <inheritdoc />
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (e is not (RpcException or OperationCanceledException))
        {
            throw Explain(e, context);
        }
    }

    private RpcException Explain(Exception exception, ServerCallContext context)
    {
        if (exception is not Refusal)
        {
            logger.LogError(exception, "{Method} has a defect", context.Method);
        }

        return Refusal.StatusOf(exception).ToRpcException();
    }
}
