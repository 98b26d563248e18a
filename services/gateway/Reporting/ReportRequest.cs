using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Data.Manifests;

namespace IntraDA.Gateway.Reporting;

/// <summary>All that a report is made from. What a workflow did not make is left out of it.</summary>
public sealed record ReportRequest
{
    /// <summary>The workflow so far: spec with all defaults filled in, stages with outputs, inputs, times and reuse.</summary>
    public required Workflow Workflow { get; init; }

    /// <summary>The labelled source.</summary>
    public required DatasetManifest Source { get; init; }

    /// <summary>The target. The attributes <c>hard</c> (true/false) and <c>condition</c> of its items judge the ranking, where known.</summary>
    public required DatasetManifest Target { get; init; }

    /// <summary>The labelled validation set; null where there is none.</summary>
    public DatasetManifest? Validation { get; init; }

    /// <summary>
    /// Evaluation on the validation set of each network: SOURCE, SOURCE_CONTINUED, SOURCE_RENORMALIZED, INTER, INTER_CONTINUED,
    /// INTRA. INTER's per-image table gives score and error of each validation image.
    /// </summary>
    public IReadOnlyDictionary<StageKind, EvaluationReport> Evaluations { get; init; } = new Dictionary<StageKind, EvaluationReport>();

    /// <summary>Loss curves of each training stage: JSON lines {"iteration": n, "TERM": value, ...}.</summary>
    public IReadOnlyDictionary<StageKind, Artifact> Curves { get; init; } = new Dictionary<StageKind, Artifact>();

    /// <summary>Weights of each network; INTER's and INTRA's draw the gallery.</summary>
    public IReadOnlyDictionary<StageKind, Artifact> Checkpoints { get; init; } = new Dictionary<StageKind, Artifact>();

    /// <summary>The target's Parquet score table under the inter network; null where it was not scored.</summary>
    public Artifact? ScoreTable { get; init; }

    /// <summary>The target's ranked Parquet table; null where it was not ranked.</summary>
    public Artifact? Ranking { get; init; }

    /// <summary>What pseudo-labelling stored; null where it did not run.</summary>
    public PseudoLabelReport? PseudoLabels { get; init; }
}
