using Grpc.Core;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;

namespace IntraDA.Hosting.Errors;

/// <summary>An error that a caller is meant to see: canonical code, machine-readable reason and one sentence.</summary>
public sealed class ServiceException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="statusCode">Canonical code; not <see cref="StatusCode.OK"/>.</param>
    /// <param name="reason">1 to 63 characters of <c>[A-Z0-9_]</c>.</param>
    /// <param name="message">One sentence in English that names the thing and the fix.</param>
    /// <param name="violations">Fields at fault; null or empty where none is.</param>
    public ServiceException(
        StatusCode statusCode, string reason, string message, IReadOnlyList<FieldViolation>? violations = null)
        : this(statusCode, reason, message, violations, null)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="statusCode">Canonical code; not <see cref="StatusCode.OK"/>.</param>
    /// <param name="reason">1 to 63 characters of <c>[A-Z0-9_]</c>.</param>
    /// <param name="message">One sentence in English that names the thing and the fix.</param>
    /// <param name="violations">Fields at fault; null or empty where none is.</param>
    /// <param name="innerException">The cause, for the log only.</param>
    public ServiceException(
        StatusCode statusCode,
        string reason,
        string message,
        IReadOnlyList<FieldViolation>? violations,
        Exception? innerException)
        : base(message, innerException)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        ArgumentException.ThrowIfNullOrEmpty(message);
        ArgumentOutOfRangeException.ThrowIfEqual(statusCode, StatusCode.OK);
        StatusCode = statusCode;
        Reason = reason;
        Violations = violations ?? [];
    }

    /// <summary>Canonical code.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>Machine-readable reason, unique within the domain "intrada".</summary>
    public string Reason { get; }

    /// <summary>Fields at fault.</summary>
    /// <value>Empty where the error is not about a field.</value>
    public IReadOnlyList<FieldViolation> Violations { get; }

    /// <summary>When a retry may succeed.</summary>
    /// <value>Null where a retry is of no use, or nothing is known of its time.</value>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>One field is not allowed.</summary>
    /// <param name="field">Path of the field.</param>
    /// <param name="description">What is wrong and what would be right.</param>
    /// <returns>The exception, to be thrown.</returns>
    public static ServiceException InvalidArgument(string field, string description) =>
        new(StatusCode.InvalidArgument, ErrorReasons.InvalidArgument, $"{field}: {description}", [new(field, description)]);

    /// <summary>The bytes that a field holds, or names, cannot be used.</summary>
    /// <param name="field">Path of the field.</param>
    /// <param name="cause">What is wrong with them: a bad image, data set or artefact.</param>
    /// <returns>The exception, to be thrown; its reason says which of the three it is.</returns>
    public static ServiceException BadInput(string field, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        var reason = cause switch
        {
            BadImageException => ErrorReasons.BadImage,
            DatasetException => ErrorReasons.BadDataset,
            _ => ErrorReasons.BadArtifact,
        };
        return new(StatusCode.InvalidArgument, reason, cause.Message, [new(field, cause.Message)], cause);
    }

    /// <summary>A named thing does not exist.</summary>
    /// <param name="what">Kind of thing in lower case, e.g. "workflow".</param>
    /// <param name="name">Its name or id.</param>
    /// <returns>The exception, to be thrown.</returns>
    public static ServiceException NotFound(string what, string name) =>
        new(StatusCode.NotFound, ErrorReasons.NotFound, $"There is no {what} '{name}'.");

    /// <summary>The request is right, but not in the present state.</summary>
    /// <param name="reason">Machine-readable reason.</param>
    /// <param name="message">One sentence that names the thing and the fix.</param>
    /// <returns>The exception, to be thrown.</returns>
    public static ServiceException FailedPrecondition(string reason, string message) =>
        new(StatusCode.FailedPrecondition, reason, message);
}
