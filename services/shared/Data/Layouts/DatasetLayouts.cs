using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>The layouts that are understood.</summary>
public static class DatasetLayouts
{
    private static readonly IDatasetLayout[] All =
    [
        new CityscapesLayout(),

        // Pairs of GTA5 are not all of one size, and Synscapes' class maps may be half the size of its larger photographs. As in the
        // published code no benchmark's labels need have their image's size; those of a user's own folders must.
        new PairedFoldersLayout("gta5", ["images"], "labels", UrbanClasses.FromCityscapesIds, "19"),
        new PairedFoldersLayout("synthia", ["RGB"], "GT/LABELS", UrbanClasses.FromSynthiaIds, "16"),
        new PairedFoldersLayout("synscapes", ["img/rgb", "img/rgb-2k"], "img/class", UrbanClasses.FromCityscapesIds, "19"),
        new CamVidLayout(),
        new PlainLayout(),
    ];

    /// <summary>Names of the layouts.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(layout => layout.Name)];

    /// <summary>The layout of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The layout.</returns>
    /// <exception cref="DatasetException">There is no such layout; the message lists those there are.</exception>
    public static IDatasetLayout Get(string name) =>
        Array.Find(All, layout => layout.Name == name)
        ?? throw new DatasetException($"The layout '{name}' is unknown: use one of {string.Join(", ", Names)}.");
}
