using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntraDA.Hosting.Errors;

/// <summary>Turns every exception of a server method into a status with details; codes in trailers and details are equal.</summary>
/// <param name="lifetime">Tells whether the server is ending.</param>
/// <param name="time">Tells whether a deadline has passed.</param>
/// <param name="logger">Receives defects as errors, and all else as information.</param>
internal sealed class ErrorInterceptor(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ErrorInterceptor> logger)
    : Interceptor
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Translate(e, context);
        }
    }

    /// <inheritdoc/>
    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Translate(e, context);
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Translate(e, context);
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Translate(e, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        // A peer that goes away in the middle of a message shows as an I/O error, or as a write to a finished response.
        var cancelled = context.CancellationToken.IsCancellationRequested
            && exception is (IOException or InvalidOperationException);
        var status = ExceptionMapper.Map(
            cancelled ? new OperationCanceledException(exception.Message, exception) : exception,
            deadlinePassed: context.Deadline <= time.GetUtcNow().UtcDateTime,
            shuttingDown: lifetime.ApplicationStopping.IsCancellationRequested);
        if (status.Code == (int)StatusCode.Internal)
        {
            logger.LogError(exception, "{Method} failed", context.Method);
        }
        else
        {
            logger.LogInformation("{Method}: {Code}: {Message}", context.Method, (StatusCode)status.Code, status.Message);
        }

        return status.ToRpcException();
    }
}
