using System.ComponentModel.DataAnnotations;
using IntraDA.Learning.Inference;

namespace IntraDA.Segmenter.Engines;

/// <summary>Settings of the segmenter service; section "Segmenter".</summary>
public sealed class SegmenterOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Segmenter";

    /// <summary>Networks kept in memory beside the named ones; the least recently used one goes first.</summary>
    /// <value>4 by default, 1 to 64.</value>
    [Range(1, 64)]
    public int CachedEngines { get; set; } = 4;

    /// <summary>Images computed at the same time.</summary>
    /// <value>1 (default) to 64: one image already uses all cores.</value>
    [Range(1, 64)]
    public int ParallelImages { get; set; } = 1;

    /// <summary>Images that may wait for their turn over all calls; more are refused with RESOURCE_EXHAUSTED.</summary>
    /// <value>256 by default.</value>
    [Range(1, 100_000)]
    public int QueueLength { get; set; } = 256;

    /// <summary>Images of one stream that are on their way, decoded ahead or waiting to be written: the bound on a stream's memory.</summary>
    /// <value>2 by default, 1 to 64.</value>
    [Range(1, 64)]
    public int StreamAhead { get; set; } = 2;

    /// <summary>
    /// Pixels, at network resolution, of images that are computed in one pass where several wait: the bound on how much later than alone an image is
    /// answered. An image that is larger is computed alone.
    /// </summary>
    /// <value>
    /// 1 by default: every image is computed alone, because in company the last bits of its score may differ. 131,072 lets eight images of 160x96 pass together.
    /// </value>
    [Range(1, 1 << 30)]
    public int BatchPixels { get; set; } = 1;

    /// <summary>
    /// Precision of convolutions on processors: "float32"; "auto", which is bfloat16 where the processor has it and a network's answers on probe
    /// images stay the same; "bfloat16".
    /// </summary>
    /// <value>float32 by default: scores then do not depend on the processor.</value>
    [RegularExpression("float32|auto|bfloat16", ErrorMessage = "Segmenter:Precision is float32, auto or bfloat16.")]
    public string Precision { get; set; } = "float32";

    /// <summary><see cref="Precision"/> as engines know it.</summary>
    internal EnginePrecision EnginePrecision => Precision switch
    {
        "auto" => EnginePrecision.Auto,
        "bfloat16" => EnginePrecision.BFloat16,
        _ => EnginePrecision.Full,
    };

    /// <summary>What <see cref="Precision"/> comes to on this processor: "auto" is "float32" where there is nothing else.</summary>
    internal string EffectivePrecision => PrecisionSupport.Effective(EnginePrecision) == EnginePrecision.Full ? "float32" : Precision;

    /// <summary>Prediction streams served at the same time; more are refused with RESOURCE_EXHAUSTED.</summary>
    /// <value>128 by default, 1 to 10,000.</value>
    [Range(1, 10_000)]
    public int Streams { get; set; } = 128;

    /// <summary>Largest encoded image, bytes.</summary>
    /// <value>32 MiB by default.</value>
    [Range(1024, 1 << 30)]
    public int MaxImageBytes { get; set; } = 32 << 20;

    /// <summary>Largest decoded image, pixels.</summary>
    /// <value>64 Mi by default.</value>
    [Range(256L, 1L << 30)]
    public long MaxImagePixels { get; set; } = 64L << 20;

    /// <summary>Threads that torch computes with.</summary>
    /// <value>0 (default): as many as there are cores.</value>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Device: "auto", "cpu" or "cuda:N".</summary>
    [Required]
    public string Device { get; set; } = "auto";

    /// <summary>Largest input of a network, pixels: what the memory of a prediction grows with. A checkpoint that wants more is refused.</summary>
    /// <value>8 Mi by default, 256 to 64 Mi.</value>
    [Range(256L, 64L << 20)]
    public long MaxInputPixels { get; set; } = 8L << 20;
}
