using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>
/// Cityscapes: <c>leftImg8bit/SPLIT/CITY/NAME_leftImg8bit.png</c> with <c>gtFine/SPLIT/CITY/NAME_gtFine_labelIds.png</c>; lists hold
/// <c>CITY/NAME_leftImg8bit.png</c>.
/// </summary>
internal sealed class CityscapesLayout : IDatasetLayout
{
    private const string ImageSuffix = "_leftImg8bit.png";
    private const string LabelSuffix = "_gtFine_labelIds.png";

    public string Name => "cityscapes";

    public LayoutListing List(LayoutRequest request)
    {
        var folder = new LayoutFolder(request);
        var protocol = request.Protocol.Length > 0 ? request.Protocol : "19";
        var classes = UrbanClasses.Classes(protocol);
        var split = request.Split.Length > 0 ? request.Split : "train";
        if (split.Contains('/') || !FilePaths.IsSafe(split))
        {
            throw new DatasetException($"The split '{split}' is not the name of a folder: use train, val or test.");
        }

        var images = $"leftImg8bit/{split}";
        folder.RequireFolder(images, "give the folder that holds leftImg8bit, and a split of it (train, val, test)");
        var ids = folder.ReadList() ?? AllOf(folder, images);
        LayoutFolder.RefuseAny(
            [.. ids.Where(id => id.Count(c => c == '/') != 1 || !id.EndsWith(ImageSuffix, StringComparison.Ordinal))],
            $"Not of the form CITY/NAME{ImageSuffix} in the list '{request.List}'",
            "write them as Cityscapes' published lists do");
        folder.RequireFiles(ids.Select(id => $"{images}/{id}"), $"check the list and the split '{split}'");
        var entries = ids
            .Select(id => new LayoutEntry(id, $"{images}/{id}", LabelOf(request, split, id), new Dictionary<string, string>()))
            .ToList();
        folder.RequireFiles(entries.Select(entry => entry.Label).OfType<string>(), "put the gtFine files there, or ignore "
            + "labels for an unlabelled target");
        return new LayoutListing(classes, UrbanClasses.FromCityscapesIds(protocol) with { SizesMayDiffer = true }, entries);
    }

    private static string? LabelOf(LayoutRequest request, string split, string id) =>
        request.IgnoreLabels ? null : $"gtFine/{split}/{id[..^ImageSuffix.Length]}{LabelSuffix}";

    private static List<string> AllOf(LayoutFolder folder, string images)
    {
        var ids = folder.PngsBelow(images, recurse: true)
            .Where(path => path.Count(c => c == '/') == 1 && path.EndsWith(ImageSuffix, StringComparison.Ordinal))
            .ToList();
        folder.RequireImages(ids.Count, images, $"CITY/NAME{ImageSuffix}");
        return ids;
    }
}
