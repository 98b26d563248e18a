using System.Globalization;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>Rendered sets that keep images in one folder and label PNGs of the same names in another: GTA5, SYNTHIA, Synscapes.</summary>
/// <param name="name">Name in requests.</param>
/// <param name="imageFolders">Folders that may hold the images; the first that exists does.</param>
/// <param name="labelFolder">Folder of the labels.</param>
/// <param name="encoding">Encoding of the labels by protocol.</param>
/// <param name="defaultProtocol">Protocol where none is asked for.</param>
internal sealed class PairedFoldersLayout(
    string name,
    string[] imageFolders,
    string labelFolder,
    Func<string, LabelEncoding> encoding,
    string defaultProtocol) : IDatasetLayout
{
    public string Name => name;

    public LayoutListing List(LayoutRequest request)
    {
        var folder = new LayoutFolder(request);
        folder.RefuseSplit();
        var protocol = request.Protocol.Length > 0 ? request.Protocol : defaultProtocol;
        var classes = UrbanClasses.Classes(protocol);
        var images = imageFolders.FirstOrDefault(folder.HasFolder) ?? imageFolders[0];
        folder.RequireFolder(images, $"give the folder of {name}, which holds {string.Join(" or ", imageFolders)} and "
            + $"{labelFolder}");
        var ids = folder.ReadList() is { } list ? FromList(request, folder, images, list) : AllOf(folder, images);
        folder.RequireFiles(ids.Select(id => $"{images}/{id}"), "take them off the list, or complete the copy of the data set");
        var entries = ids
            .Select(id => (Id: id, Label: request.IgnoreLabels ? null : $"{labelFolder}/{id}"))
            .Select(pair => new LayoutEntry(pair.Id, $"{images}/{pair.Id}", pair.Label, new Dictionary<string, string>()))
            .ToList();
        folder.RequireFiles(entries.Select(entry => entry.Label).OfType<string>(), "complete the copy of the data set, or "
            + "list only images that have labels");
        return new LayoutListing(classes, encoding(protocol) with { SizesMayDiffer = true }, entries);
    }

    // A line is the file's own name, or one with another extension or none.
    private static List<string> FromList(LayoutRequest request, LayoutFolder folder, string images, IReadOnlyList<string> list)
    {
        var ids = list.Select(line => folder.Has($"{images}/{line}") ? line : LayoutFolder.Stem(line) + ".png").ToList();
        LayoutFolder.RefuseDuplicates(ids, $"More than once in the list '{request.List}'", "keep one line of each");
        return ids;
    }

    private static List<string> AllOf(LayoutFolder folder, string images)
    {
        var ids = folder.PngsBelow(images, recurse: false);
        folder.RequireImages(ids.Count, images, "PNG files");

        // Synscapes numbers without leading zeros; 2.png comes before 10.png.
        return [.. ids.OrderBy(Number).ThenBy(id => id, StringComparer.Ordinal)];
    }

    private static long Number(string id) =>
        long.TryParse(LayoutFolder.Stem(id), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
}
