using Google.Rpc;
using Grpc.Core;
using IntraDA.Artifacts.Store;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Services;

/// <summary>Which failures pass, and how those of other services are told.</summary>
internal static class Failures
{
    /// <summary>Whether the same step may succeed later, by the class of its failure.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        StepInterruptedException => true,
        ArtifactStoreException e => e.IsTransient,
        // A service that could not be reached, or a job that its trainer gave up for want of the store: it goes on from its checkpoint.
        ServiceException { StatusCode: StatusCode.Unavailable } => true,
        ServiceException { StatusCode: StatusCode.ResourceExhausted } e => IsFullQueue(e.Reason),
        // A server that dies mid-stream shows as one of these, without the details that every server of ours sends.
        RpcException { StatusCode: StatusCode.Internal or StatusCode.Unknown } e => e.GetRpcStatus() is null,
        RpcException { StatusCode: StatusCode.ResourceExhausted } e => IsFullQueue(e),
        RpcException e => e.StatusCode
            is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Aborted or StatusCode.Cancelled,
        _ => false,
    };

    /// <summary>A failure as users are to read it: a connection error names the service and its address.</summary>
    public static Exception Explain(Exception exception, string service, string address) =>
        exception is RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal } e
            && e.GetRpcStatus() is null
            ? new ServiceException(
                e.StatusCode == StatusCode.DeadlineExceeded ? StatusCode.DeadlineExceeded : StatusCode.Unavailable,
                $"{service.ToUpperInvariant()}_UNAVAILABLE",
                $"The {service} at {address} does not answer; start it, or correct its address in the gateway's configuration.",
                null,
                exception)
            : exception;

    /// <summary>How long a full queue asks its callers to stay away; null where the failure is another, or names no time.</summary>
    public static TimeSpan? RetryDelayOf(Exception exception) =>
        exception is RpcException { StatusCode: StatusCode.ResourceExhausted } e
            ? e.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan()
            : null;

    /// <summary>Whether the failure says no more than that there is too much to do: waiting helps, however long it takes.</summary>
    public static bool IsBusy(Exception exception) => exception switch
    {
        RpcException { StatusCode: StatusCode.ResourceExhausted } e => IsFullQueue(e),
        ServiceException { StatusCode: StatusCode.ResourceExhausted } e => IsFullQueue(e.Reason),
        _ => false,
    };

    // A message over the size limit carries no details at all.
    private static bool IsFullQueue(RpcException exception) =>
        exception.GetRpcStatus() is { } status && IsFullQueue(RpcErrors.ReadReason(status));

    // Whatever else is exhausted, memory or the size of a message, is so again with every try.
    private static bool IsFullQueue(string reason) => reason == ErrorReasons.QueueFull;
}
