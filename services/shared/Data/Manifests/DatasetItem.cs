namespace IntraDA.Data.Manifests;

/// <summary>One image of a data set.</summary>
public sealed record DatasetItem
{
    /// <summary>Unique within the set, as the layout's lists write it (Cityscapes: <c>city/file</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The image file.</summary>
    public required DatasetFile Image { get; init; }

    /// <summary>The label file; null for an unlabelled image.</summary>
    public DatasetFile? Label { get; init; }

    /// <summary>
    /// Facts known about the image that no training may use, e.g. <c>condition</c> = <c>night</c> and <c>hard</c> = <c>true</c>:
    /// reports judge the ranking by them.
    /// </summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}
