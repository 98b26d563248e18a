using System.Text;
using Google.Rpc;
using Grpc.Core;
using RpcStatus = Google.Rpc.Status;

namespace IntraDA.Hosting.Errors;

/// <summary>Reads the errors of other services, and writes our own.</summary>
public static class RpcErrors
{
    // Trailers travel in one header block, for which common peers allow 8 KiB in all; base64 adds a third to the details, and the
    // message is in them and, percent-encoded, beside them.
    private const int MaxDetailBytes = 2048;
    private const int MaxFieldBytes = 256;
    private const int MaxDescriptionBytes = 512;
    private const int MaxMessageBytes = 1024;
    private const int MaxEncodedMessage = 2048;

    /// <summary>The status of a failed call with its details.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>
    /// The details as sent, with the code of the call itself; where none were sent, a status with one <see cref="ErrorInfo"/>
    /// whose reason is the code's name.
    /// </returns>
    public static RpcStatus Read(RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        RpcStatus? sent = null;
        try
        {
            sent = exception.GetRpcStatus();
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            // A peer that garbles its details has still told its code.
        }

        if (sent is not null && sent.GetDetail<ErrorInfo>() is not null)
        {
            sent.Code = (int)exception.StatusCode;
            return sent;
        }

        return Create(exception.StatusCode, ReasonOf(exception.StatusCode), exception.Status.Detail, []);
    }

    /// <summary>The machine-readable reason of a failed call.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>The reason as sent, else the code's name in upper snake case.</returns>
    public static string ReadReason(RpcException exception) => Read(exception).GetDetail<ErrorInfo>()!.Reason;

    /// <summary>The machine-readable reason in a status.</summary>
    /// <param name="status">A status.</param>
    /// <returns>The reason; empty where the status carries none.</returns>
    public static string ReadReason(RpcStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status.GetDetail<ErrorInfo>()?.Reason ?? "";
    }

    /// <summary>The fields that a status says are at fault.</summary>
    /// <param name="status">A status.</param>
    /// <returns>The violations; empty where there are none.</returns>
    public static IReadOnlyList<FieldViolation> ReadViolations(RpcStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status.GetDetail<BadRequest>() is { } badRequest
            ? [.. badRequest.FieldViolations.Select(v => new FieldViolation(v.Field, v.Description))]
            : [];
    }

    /// <summary>The status that stands for an exception: exactly one <see cref="ErrorInfo"/>, and the violations where there are any.</summary>
    /// <param name="code">Canonical code.</param>
    /// <param name="reason">Machine-readable reason.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="violations">Fields at fault.</param>
    /// <param name="retryAfter">When a retry may succeed, sent as <see cref="RetryInfo"/>; null where that is unknown.</param>
    /// <returns>The status; text that does not fit into trailers is cut.</returns>
    public static RpcStatus Create(StatusCode code, string reason, string message, IReadOnlyList<FieldViolation> violations, TimeSpan? retryAfter = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(violations);
        var status = new RpcStatus
        {
            Code = (int)code,
            Message = ErrorText.Cut(message, MaxMessageBytes, MaxEncodedMessage),
        };
        status.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(
            new ErrorInfo { Domain = ErrorReasons.Domain, Reason = reason }));
        if (violations.Count > 0)
        {
            status.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(Pack(violations)));
        }

        if (retryAfter is { } delay)
        {
            status.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(
                new RetryInfo { RetryDelay = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(delay) }));
        }

        return status;
    }

    private static BadRequest Pack(IReadOnlyList<FieldViolation> violations)
    {
        var badRequest = new BadRequest();
        var bytes = 0;
        foreach (var violation in violations)
        {
            var field = ErrorText.Cut(violation.Field, MaxFieldBytes);
            var description = ErrorText.Cut(violation.Description, MaxDescriptionBytes);
            bytes += Encoding.UTF8.GetByteCount(field) + Encoding.UTF8.GetByteCount(description);
            if (bytes > MaxDetailBytes && badRequest.FieldViolations.Count > 0)
            {
                var left = violations.Count - badRequest.FieldViolations.Count;
                badRequest.FieldViolations.Add(new BadRequest.Types.FieldViolation
                {
                    Field = field,
                    Description = $"{left} more violations are left out; put these right first.",
                });
                break;
            }

            badRequest.FieldViolations.Add(new BadRequest.Types.FieldViolation
            {
                Field = field,
                Description = description,
            });
        }

        return badRequest;
    }

    /// <summary>A reason that says no more than its code.</summary>
    internal static string ReasonOf(StatusCode code) => code == StatusCode.OK ? "OK" :
        string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
