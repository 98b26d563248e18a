using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>Everything that a report says, computed; both forms are written from it.</summary>
public sealed record ReportData
{
    /// <summary>What the workflow made.</summary>
    public required ReportRequest Request { get; init; }

    /// <summary>Seconds from the workflow's creation to this report.</summary>
    public required double Seconds { get; init; }

    /// <summary>The networks' figures.</summary>
    public required EvaluationResults Evaluation { get; init; }

    /// <summary>The split and its judgement.</summary>
    public required RankingResults Ranking { get; init; }

    /// <summary>Loss curves, in the order of the stages.</summary>
    public required IReadOnlyList<TrainingCurve> Curves { get; init; }

    /// <summary>What the figures say, in plain sentences, the most important first.</summary>
    public required IReadOnlyList<string> Verdict { get; init; }

    /// <summary>What a reader needs to judge the figures.</summary>
    public required IReadOnlyList<Note> Notes { get; init; }

    /// <summary>The workflow.</summary>
    public Workflow Workflow => Request.Workflow;

    /// <summary>The workflow's title, or its id where it has none.</summary>
    public string Title => Workflow.Spec?.Title is { Length: > 0 } title ? title : $"Workflow {Workflow.Id}";
}
