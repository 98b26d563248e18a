using System.Diagnostics;

namespace IntraDA.Hosting.Telemetry;

/// <summary>For whom work is done: kept with work that outlives the call that asked for it, so that its log and its spans are found from there.</summary>
/// <param name="TraceParent">The call's trace in the form of the W3C header "traceparent"; empty where there is none.</param>
/// <param name="Workflow">Id of the workflow; empty outside of one.</param>
/// <param name="Stage">Name of the workflow's stage; empty outside of one.</param>
public sealed record WorkOrigin(string TraceParent, string Workflow, string Stage)
{
    // Ids come from outside: longer ones are not ours.
    private const int MaxIdLength = 64;

    /// <summary>The ids as a log scope; empty outside of a workflow.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Ids =>
    [
        .. new[] { KeyValuePair.Create("workflow", (object)Workflow), KeyValuePair.Create("stage", (object)Stage) }.Where(id => id.Value is string { Length: > 0 }),
    ];

    /// <summary>For whom the present call is made, by the trace and the baggage that came with it.</summary>
    /// <returns>The origin; all empty where nothing came.</returns>
    public static WorkOrigin Current()
    {
        var call = Activity.Current;
        return new WorkOrigin(call is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : "", IdOf("workflow"), IdOf("stage"));

        string IdOf(string name) => call?.GetBaggageItem(name) is { Length: > 0 and <= MaxIdLength } value ? value : "";
    }
}
