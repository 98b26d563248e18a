using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using RpcStatus = Google.Rpc.Status;

namespace MinEntTrainer.Service;

/// <summary>Why a request, or a job, cannot be done: a canonical code, one reason, and the fields at fault.</summary>
/// <param name="code">The code.</param>
/// <param name="reason">In upper snake case.</param>
/// <param name="message">One sentence that names the thing and the fix.</param>
internal sealed class Refusal(StatusCode code, string reason, string message) : Exception(message)
{
    private const string Domain = "intrada";

    /// <summary>The code.</summary>
    public StatusCode Status => code;

    /// <summary>Fields at fault, with what is wrong with each.</summary>
    public IReadOnlyList<(string Field, string Problem)> Fields { get; init; } = [];

    /// <summary>When to ask again; null where that is no help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The status of anything that went wrong.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <returns>The status; INTERNAL, without the exception's own words, for what is a defect.</returns>
    public static RpcStatus StatusOf(Exception exception) => exception switch
    {
        Refusal refusal => refusal.ToStatus(),
        _ => new Refusal(StatusCode.Internal, "INTERNAL", "The trainer has a defect; its log says more.").ToStatus(),
    };

    private RpcStatus ToStatus()
    {
        var status = new RpcStatus { Code = (int)code, Message = Message };
        Add(new ErrorInfo { Domain = Domain, Reason = reason });
        if (Fields.Count > 0)
        {
            var bad = new BadRequest();
            bad.FieldViolations.AddRange(Fields.Select(f => new BadRequest.Types.FieldViolation { Field = f.Field, Description = f.Problem }));
            Add(bad);
        }

        if (RetryAfter is { } delay)
        {
            Add(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) });
        }

        return status;

        void Add(IMessage detail) => status.Details.Add(Any.Pack(detail));
    }
}
