using IntraDA.Data.Images;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>Which images of a folder make a data set.</summary>
public sealed record LayoutRequest
{
    /// <summary>The data set's folder.</summary>
    public required string Path { get; init; }

    /// <summary>One of <see cref="DatasetLayouts.Names"/>.</summary>
    public required string Layout { get; init; }

    /// <summary>List file relative to <see cref="Path"/> with one image a line, as the layout writes it; empty: all images of the split.</summary>
    public string List { get; init; } = string.Empty;

    /// <summary>"train", "val", ... where the layout has splits; empty: the layout's first.</summary>
    public string Split { get; init; } = string.Empty;

    /// <summary>Leaves labels out: the set is an unlabelled target, and no label file or folder is looked at.</summary>
    public bool IgnoreLabels { get; init; }

    /// <summary>Label space: "" (the layout's own), "19", "16" or "13".</summary>
    public string Protocol { get; init; } = string.Empty;

    /// <summary>Name of the manifest; empty: derived from the folder's name, split and list.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Classes of a plain folder that does not say them itself, e.g. those of the source; null: the folder must say them.</summary>
    public ClassList? Classes { get; init; }

    /// <summary>Largest file and image.</summary>
    public ImageLimits Limits { get; init; } = new();
}
