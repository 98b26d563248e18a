using Google.Protobuf;
using Grpc.Core;

namespace IntraDA.Hosting.Errors;

/// <summary>Reads what callers stream.</summary>
public static class RequestStreams
{
    /// <summary>Reads the next message.</summary>
    /// <typeparam name="T">Type of the messages.</typeparam>
    /// <param name="requests">The stream.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="ServiceException">The message is too large, or is none: the caller's fault, and not the echo of another call's end.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public static async Task<bool> NextAsync<T>(this IAsyncStreamReader<T> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        try
        {
            return await requests.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
        {
            throw new ServiceException(e.StatusCode, ErrorReasons.MessageTooLarge, ErrorReasons.TooLarge, null, e);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or RpcException { StatusCode: StatusCode.Internal or StatusCode.Unknown })
        {
            throw new ServiceException(
                StatusCode.InvalidArgument, ErrorReasons.BadMessage, $"The stream holds bytes that are no {typeof(T).Name}; they were damaged, or made for another contract.", null, e);
        }
        catch (IOException e)
        {
            // The server may say so a moment before the call's token does.
            throw new OperationCanceledException("The caller went away.", e, cancellationToken);
        }
    }
}
