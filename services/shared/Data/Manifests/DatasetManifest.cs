namespace IntraDA.Data.Manifests;

/// <summary>A data set: images, labels where there are any, and the label space. Stored as JSON ("intrada.dataset/1").</summary>
/// <remarks>
/// Immutable. Two manifests with equal bytes name equal data: each file is listed with its SHA-256.
/// </remarks>
public sealed record DatasetManifest
{
    /// <summary>Value of <see cref="Format"/> that this version reads and writes.</summary>
    public const string CurrentFormat = "intrada.dataset/1";

    /// <summary>Media type of a stored manifest.</summary>
    public const string MediaType = "application/vnd.intrada.dataset+json";

    /// <summary>Form of the document.</summary>
    /// <value>Always <see cref="CurrentFormat"/>.</value>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Label space; train ids are the positions of the names.</summary>
    public required ClassList Classes { get; init; }

    /// <summary>How label files become train ids; null where no item has a label.</summary>
    public LabelEncoding? Labels { get; init; }

    /// <summary>Absolute directory that holds the files; null where they are keys in the artefact store.</summary>
    public string? Root { get; init; }

    /// <summary>The images, in a fixed order.</summary>
    public required IReadOnlyList<DatasetItem> Items { get; init; }
}
