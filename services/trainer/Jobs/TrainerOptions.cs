using System.ComponentModel.DataAnnotations;

namespace IntraDA.Trainer.Jobs;

/// <summary>Settings of the trainer service; section "Trainer".</summary>
public sealed class TrainerOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Trainer";

    /// <summary>The value of <see cref="Precision"/> that multiplies in bfloat16.</summary>
    public const string MixedPrecision = "mixed";

    /// <summary>Jobs trained at the same time.</summary>
    /// <value>1 (default) to 64: one job already uses all cores.</value>
    [Range(1, 64)]
    public int ParallelJobs { get; set; } = 1;

    /// <summary>Jobs that may wait; more are refused with RESOURCE_EXHAUSTED.</summary>
    /// <value>16 by default, 0 to 10,000.</value>
    [Range(0, 10_000)]
    public int QueueLength { get; set; } = 16;

    /// <summary>Jobs that have ended and are still held in memory for those who ask; the longest ended goes first, and the store's records remain.</summary>
    /// <value>64 by default, 0 to 10,000.</value>
    [Range(0, 10_000)]
    public int EndedJobs { get; set; } = 64;

    /// <summary>Minutes after which a job saves itself even where its own interval, in iterations, is longer.</summary>
    /// <value>10 by default; 0 for the interval in iterations alone.</value>
    [Range(0.0, 10_080.0)]
    public double CheckpointMinutes { get; set; } = 10;

    /// <summary>Seconds that a job that is stopped may take for its last checkpoint, after which the former one counts.</summary>
    /// <value>
    /// 0 (default): as long as a service that is told to end takes (ShutdownSeconds), and at least 60 while it goes on. At most ShutdownSeconds.
    /// </value>
    [Range(0.0, 3600.0)]
    public double FarewellSeconds { get; set; }

    /// <summary>Memory for decoded training images, bytes.</summary>
    /// <value>1 GiB by default.</value>
    [Range(0L, 1L << 40)]
    public long CacheBytes { get; set; } = 1L << 30;

    /// <summary>Threads that torch computes with.</summary>
    /// <value>0 (default): as many as there are cores.</value>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>
    /// Precision of training: "float32", or "mixed", where convolutions multiply in bfloat16 and everything else stays float32. A job is to be taken up
    /// again with the precision it began with.
    /// </summary>
    /// <value>float32 by default.</value>
    [RegularExpression("float32|mixed", ErrorMessage = "Trainer:Precision is float32 or mixed.")]
    public string Precision { get; set; } = "float32";

    /// <summary>Device of jobs that ask for "auto": "auto", "cpu" or "cuda:N".</summary>
    [Required]
    [RegularExpression("auto|cpu|cuda:[0-9]{1,3}", ErrorMessage = "Trainer:Device is auto, cpu or cuda:N.")]
    public string Device { get; set; } = "auto";

    /// <summary>Most pixels of a batch, of labelled and of unlabelled images each: what a training's memory grows with.</summary>
    /// <value>8 Mi by default, nine images of 1280x720; 256 to 4 Gi.</value>
    [Range(256L, 1L << 32)]
    public long MaxBatchPixels { get; set; } = 8L << 20;
}
