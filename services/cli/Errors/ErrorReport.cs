using System.Text;
using Google.Rpc;
using Grpc.Core;
using IntraDA.Artifacts.Formats;

namespace IntraDA.Cli.Errors;

/// <summary>An error as the user sees it.</summary>
/// <param name="Message">One line.</param>
/// <param name="Code">Canonical code such as <c>INVALID_ARGUMENT</c>; null for what did not come from a service.</param>
/// <param name="Violations">What was wrong with which field of the request.</param>
internal sealed record ErrorReport(string Message, string? Code, IReadOnlyList<FieldFault> Violations)
{
    /// <summary>The lines to print: the message, then one indented line a violation, unless the message is just that.</summary>
    public IEnumerable<string> Lines =>
        Violations
            .Where(violation => Violations.Count > 1 || !Message.Contains(violation.Description, StringComparison.Ordinal))
            .Select(violation => $"  {violation.Field}: {violation.Description}")
            .Prepend($"intrada: {Message}{(Code is null ? "" : $" ({Code})")}");

    /// <summary>Describes an exception without its stack.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>The report.</returns>
    public static ErrorReport Of(Exception exception) => exception switch
    {
        RpcException rpc => OfRpc(rpc),
        AggregateException { InnerExceptions: [var only] } => Of(only),
        _ => new ErrorReport(OneLine(exception.Message), Code: null, []),
    };

    /// <summary>Describes the error of one item of a stream.</summary>
    /// <param name="status">As the service sent it.</param>
    /// <returns>The report.</returns>
    public static ErrorReport Of(Google.Rpc.Status status) =>
        new(OneLine(status.Message), CodeName((StatusCode)status.Code), Faults(status));

    /// <summary>The canonical name of a code.</summary>
    /// <param name="code">The code.</param>
    /// <returns>E.g. <c>NOT_FOUND</c>.</returns>
    public static string CodeName(StatusCode code)
    {
        if (code == StatusCode.OK)
        {
            return "OK";
        }

        var name = new StringBuilder();
        foreach (var letter in code.ToString())
        {
            if (char.IsUpper(letter) && name.Length > 0)
            {
                name.Append('_');
            }

            name.Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }

    private static ErrorReport OfRpc(RpcException exception)
    {
        var message = exception.Status.Detail;
        if (exception.StatusCode == StatusCode.Unavailable && exception.Status.DebugException is { } cause)
        {
            // The library says "Error connecting to subchannel." and keeps the reason to itself.
            message = $"the connection to the service is lost: {cause.GetBaseException().Message.TrimEnd('.')}; try again once it runs";
        }

        var status = exception.GetRpcStatus();
        return new ErrorReport(
            OneLine(message.Length > 0 ? message : "the service gave no reason"),
            CodeName(exception.StatusCode),
            status is null ? [] : Faults(status));
    }

    private static List<FieldFault> Faults(Google.Rpc.Status status) =>
        status.GetDetail<BadRequest>() is { } request
            ? [.. request.FieldViolations.Select(violation => new FieldFault(violation.Field, OneLine(violation.Description)))]
            : [];

    private static string OneLine(string text) =>
        VisibleText.Of(string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
}
