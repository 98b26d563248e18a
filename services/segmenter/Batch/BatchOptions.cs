using System.ComponentModel.DataAnnotations;

namespace IntraDA.Segmenter.Batch;

/// <summary>What a batch job scores: configuration section "Job".</summary>
public sealed class BatchOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Job";

    /// <summary>Key of the checkpoint in the store.</summary>
    [Required]
    public string Checkpoint { get; set; } = "";

    /// <summary>Key of the data set's manifest in the store.</summary>
    [Required]
    public string Dataset { get; set; } = "";

    /// <summary>Which worker this is, 0 to <see cref="Workers"/> - 1.</summary>
    /// <value>Kubernetes gives it to each pod of an Indexed Job as JOB_COMPLETION_INDEX.</value>
    [Range(0, 100_000)]
    public int Index { get; set; }

    /// <summary>Number of workers among which the pieces are shared out.</summary>
    [Range(1, 100_000)]
    public int Workers { get; set; } = 1;

    /// <summary>Store label maps too, as a workflow needs them.</summary>
    public bool LabelMaps { get; set; } = true;

    /// <summary>Store confidence maps too, as some pseudo-label policies need them.</summary>
    public bool ConfidenceMaps { get; set; }
}
