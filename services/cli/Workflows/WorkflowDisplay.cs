using System.Globalization;
using System.Text.Json.Nodes;
using IntraDA.Cli.Output;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Workflows;

/// <summary>Shows a workflow's events: bars or lines for people, one object an event for machines.</summary>
/// <param name="output">Receives events for machines.</param>
/// <param name="board">Shows progress.</param>
internal sealed class WorkflowDisplay(IConsoleOutput output, IProgressBoard board)
{
    /// <summary>Shows one event.</summary>
    /// <param name="happened">The event.</param>
    public void Show(WatchWorkflowResponse happened)
    {
        switch (happened.EventCase)
        {
            case WatchWorkflowResponse.EventOneofCase.Stage:
                ShowStage(happened.Stage, happened.Sequence);
                break;
            case WatchWorkflowResponse.EventOneofCase.Workflow:
                output.Event("workflow", new JsonObject
                {
                    ["workflow"] = happened.Workflow.Id,
                    ["state"] = StageNames.State(happened.Workflow.State),
                    ["sequence"] = happened.Sequence,
                });
                break;
            case WatchWorkflowResponse.EventOneofCase.Progress:
                board.Report(StageNames.Human(happened.Progress.Stage), ProgressFacts.From(happened.Progress.Progress));
                break;
            case WatchWorkflowResponse.EventOneofCase.Metrics:
                ShowMetrics(happened.Metrics);
                break;
            default:
                // An event of a newer gateway: nothing that this client could show.
                break;
        }
    }

    private void ShowStage(Stage stage, ulong sequence)
    {
        var facts = WorkflowJson.Of(stage);
        facts["sequence"] = sequence;
        output.Event("stage", facts);
        var task = StageNames.Human(stage.Kind);
        switch (stage.State)
        {
            case WorkflowState.Running:
                board.Start(task);
                break;
            case WorkflowState.Succeeded when stage.Reused:
                board.Finish(task, "reused");
                break;
            case WorkflowState.Succeeded:
                board.Finish(task, stage.StartTime is null || stage.EndTime is null
                    ? "done"
                    : "done in " + DurationText.Of((stage.EndTime - stage.StartTime).ToTimeSpan()));
                break;
            case WorkflowState.Failed or WorkflowState.Cancelled or WorkflowState.Skipped:
                board.Finish(task, StageNames.State(stage.State) + (stage.Reason.Length > 0 ? ": " + stage.Reason : ""));
                break;
            default:
                break;
        }
    }

    private void ShowMetrics(StageMetrics metrics)
    {
        var terms = new JsonObject();
        foreach (var (term, value) in metrics.Metrics.Terms.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            // JSON has no NaN; a diverged loss must still make a valid line.
            terms[term] = double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);
        }

        output.Event("metrics", new JsonObject
        {
            ["stage"] = StageNames.Machine(metrics.Stage),
            ["iteration"] = metrics.Metrics.Iteration,
            ["terms"] = terms,
        });
    }
}
