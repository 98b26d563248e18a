namespace IntraDA.Data.Manifests;

/// <summary>How the pixels of a label file become train ids.</summary>
public sealed record LabelEncoding
{
    /// <summary>Channel that holds the class: 0 for greyscale and palette files (the palette index is read, not its colour).</summary>
    public int Channel { get; init; }

    /// <summary>Train id by raw value; a raw value that is not listed is <see cref="ClassList.Ignore"/>. Null: raw values are train ids.</summary>
    public IReadOnlyDictionary<int, int>? TrainIds { get; init; }

    /// <summary>
    /// Whether a label file may have another size than its image, as in GTA5 and Synscapes. Otherwise another size is an error.
    /// </summary>
    public bool SizesMayDiffer { get; init; }
}
