using System.ComponentModel.DataAnnotations;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Images;

namespace IntraDA.Hosting.Options;

/// <summary>How much a caller may ask of a service: configuration section "Limits". Message size is <see cref="ServiceHostOptions.MaxMessageBytes"/>.</summary>
public sealed class LimitOptions
{
    /// <summary>Seconds after which a call with one answer is given up with DEADLINE_EXCEEDED, whatever deadline its caller set.</summary>
    /// <value>Default 900.</value>
    [Range(1, 86_400)]
    public int CallSeconds { get; set; } = 900;

    /// <summary>Seconds after which a stream is ended with DEADLINE_EXCEEDED; whoever watches goes on in a new one.</summary>
    /// <value>Default 604,800: seven days.</value>
    [Range(1, 2_592_000)]
    public int StreamSeconds { get; set; } = 604_800;

    /// <summary>Connections open at a time.</summary>
    /// <value>Default 1,024.</value>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 1024;

    /// <summary>Largest encoded image or label file of a data set, bytes. The segmenter's own option bounds images that are sent to it.</summary>
    /// <value>Default 32 MiB.</value>
    [Range(1024L, 1L << 30)]
    public long MaxImageBytes { get; set; } = 32L << 20;

    /// <summary>Largest decoded image or label file of a data set, pixels.</summary>
    /// <value>Default 64 Mi.</value>
    [Range(256L, 256L << 20)]
    public long MaxImagePixels { get; set; } = 64L << 20;

    /// <summary>Largest manifest of a data set or of predictions, and largest split list, that is read, bytes.</summary>
    /// <value>Default 256 MiB.</value>
    [Range(1024, 1 << 30)]
    public int MaxManifestBytes { get; set; } = 256 << 20;

    /// <summary>Largest artefact that can be uploaded, bytes.</summary>
    /// <value>Default 64 GiB.</value>
    [Range(1024L, 1L << 50)]
    public long MaxUploadBytes { get; set; } = 64L << 30;

    /// <summary>What is wrong with the size of a manifest or list.</summary>
    /// <param name="artifact">The manifest or list.</param>
    /// <returns>A sentence; null where nothing is.</returns>
    public string? ProblemOfList(Artifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return artifact.SizeBytes <= MaxManifestBytes
            ? null
            : $"'{artifact.Key}' has {artifact.SizeBytes} bytes; the limit is {MaxManifestBytes} (Limits:MaxManifestBytes).";
    }

    /// <summary>The part that concerns images.</summary>
    /// <returns>The limits.</returns>
    public ImageLimits ToImages() => new() { MaxBytes = MaxImageBytes, MaxPixels = MaxImagePixels };
}
