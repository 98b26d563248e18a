using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>What a workflow's events make of it.</summary>
internal static class WorkflowFold
{
    public static bool IsFinal(WorkflowState state) =>
        state is WorkflowState.Succeeded or WorkflowState.Failed or WorkflowState.Cancelled;

    /// <summary>The workflow after a durable event.</summary>
    public static Workflow Apply(Workflow before, WatchWorkflowResponse change)
    {
        var after = before.Clone();
        after.LastSequence = change.Sequence;
        switch (change.EventCase)
        {
            case WatchWorkflowResponse.EventOneofCase.Stage:
                Replace(after, change.Stage.Clone());
                // A stage that moves again is how a resumed workflow comes back to life.
                after.State = WorkflowState.Running;
                (after.EndTime, after.Error, after.ReportHtml, after.ReportJson) = (null, null, null, null);
                break;
            case WatchWorkflowResponse.EventOneofCase.Workflow:
                var final = change.Workflow;
                after.State = final.State;
                (after.EndTime, after.Error) = (final.EndTime?.Clone(), final.Error?.Clone());
                (after.ReportHtml, after.ReportJson) = (final.ReportHtml?.Clone(), final.ReportJson?.Clone());
                break;
            default:
                throw new InvalidOperationException($"Event {change.Sequence} of workflow {before.Id} is not a durable one.");
        }

        return after;
    }

    public static Stage StageOf(Workflow workflow, StageKind kind) =>
        workflow.Stages.FirstOrDefault(s => s.Kind == kind) ?? new Stage { Kind = kind, State = WorkflowState.Pending };

    private static void Replace(Workflow workflow, Stage stage)
    {
        for (var i = 0; i < workflow.Stages.Count; i++)
        {
            if (workflow.Stages[i].Kind == stage.Kind)
            {
                workflow.Stages[i] = stage;
                return;
            }
        }

        workflow.Stages.Add(stage);
    }
}
