using Grpc.Core;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Store;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;
using RpcStatus = Google.Rpc.Status;

namespace IntraDA.Hosting.Errors;

/// <summary>The one place where an exception becomes a status.</summary>
public static class ExceptionMapper
{
    /// <summary>The status that stands for an exception.</summary>
    /// <param name="exception">Any exception.</param>
    /// <param name="deadlinePassed">Whether the caller's deadline has passed, which a cancellation is then due to.</param>
    /// <param name="shuttingDown">Whether this server is ending, which a cancellation is then due to.</param>
    /// <returns>The status with exactly one <c>ErrorInfo</c>. The message of an unexpected exception is not in it.</returns>
    public static RpcStatus Map(Exception exception, bool deadlinePassed = false, bool shuttingDown = false)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            ServiceException e => RpcErrors.Create(e.StatusCode, e.Reason, e.Message, e.Violations, e.RetryAfter),
            RpcException { StatusCode: StatusCode.Cancelled } => Cancelled(deadlinePassed, shuttingDown),
            RpcException e => RpcErrors.Read(e),
            ArtifactNotFoundException e => Simple(StatusCode.NotFound, ErrorReasons.ArtifactNotFound, e.Message),
            ArtifactDamagedException e => Simple(StatusCode.DataLoss, ErrorReasons.ArtifactDamaged, e.Message),
            ArtifactStoreException { IsTransient: true } e => Simple(
                StatusCode.Unavailable, ErrorReasons.StoreUnavailable, e.Message),
            ArtifactStoreException e => Simple(StatusCode.Internal, ErrorReasons.StoreFailed, e.Message),
            ArtifactFormatException e => Simple(StatusCode.InvalidArgument, ErrorReasons.BadArtifact, e.Message),
            BadImageException e => Simple(StatusCode.InvalidArgument, ErrorReasons.BadImage, e.Message),
            DatasetException e => Simple(StatusCode.InvalidArgument, ErrorReasons.BadDataset, e.Message),
            OperationCanceledException => Cancelled(deadlinePassed, shuttingDown),
            _ when MemoryShortage.Is(exception) => Simple(
                StatusCode.ResourceExhausted, ErrorReasons.OutOfMemory, MemoryShortage.Remedy),
            _ => Simple(
                StatusCode.Internal,
                ErrorReasons.Internal,
                "The service met an unexpected error; its log has the details."),
        };
    }

    private static RpcStatus Cancelled(bool deadlinePassed, bool shuttingDown) => (deadlinePassed, shuttingDown) switch
    {
        (true, _) => Simple(
            StatusCode.DeadlineExceeded,
            ErrorReasons.DeadlineExceeded,
            "The call's deadline passed before the work was done; give it more time."),
        (_, true) => Simple(
            StatusCode.Unavailable, ErrorReasons.ShuttingDown, "The service is shutting down; try again when it is back."),
        _ => Simple(StatusCode.Cancelled, ErrorReasons.Cancelled, "The call was cancelled."),
    };

    private static RpcStatus Simple(StatusCode code, string reason, string message) =>
        RpcErrors.Create(code, reason, message, []);
}
