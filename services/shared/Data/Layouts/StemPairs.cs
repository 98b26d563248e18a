using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>Pairs <c>images/NAME.jpg|png</c> with <c>labels/NAME.png</c>, for the layouts whose lists hold NAME.</summary>
internal static class StemPairs
{
    private const string Images = "images";
    private const string Labels = "labels";

    /// <summary>The pairs in list order, or in ordinal order; labelled all or none.</summary>
    public static IReadOnlyList<(string Id, string Image, string? Label)> Find(LayoutRequest request, LayoutFolder folder)
    {
        folder.RequireFolder(Images, "put the images into a folder of that name");
        var files = folder.ImagesBelow(Images, recurse: true);
        folder.RequireImages(files.Count, Images, ".png or .jpg files");
        LayoutFolder.RefuseDuplicates(files.Select(LayoutFolder.Stem), $"Images with two extensions in "
            + $"'{Images}'", "keep one file of each");
        var images = files.ToDictionary(LayoutFolder.Stem, StringComparer.Ordinal);
        var list = folder.ReadList()?.Select(LayoutFolder.Stem).ToList();
        if (list is not null)
        {
            LayoutFolder.RefuseDuplicates(list, $"More than once in the list '{request.List}'", "keep one line of each");
            LayoutFolder.RefuseAny(
                [.. list.Where(id => !images.ContainsKey(id))],
                $"Names of the list '{request.List}' without an image in '{Path.Combine(request.Path, Images)}'",
                "correct the list or add the images");
        }

        var labelled = LabelledStems(request, folder);
        if (list is null)
        {
            LayoutFolder.RefuseAny(
                [.. labelled.Where(id => !images.ContainsKey(id)).Order(StringComparer.Ordinal)],
                $"Labels without an image in '{Images}'",
                "add the images, or give a list");
        }

        var ids = list ?? [.. images.Keys.Order(StringComparer.Ordinal)];
        var without = ids.Where(id => !labelled.Contains(id)).ToList();
        if (without.Count < ids.Count)
        {
            LayoutFolder.RefuseAny(
                without,
                $"Images without a label in '{Labels}', while others have one",
                "add the labels, list only images that have one, or ignore labels");
        }

        return [.. ids.Select(id => (id, $"{Images}/{images[id]}", without.Count == 0 ? $"{Labels}/{id}.png" : null))];
    }

    private static HashSet<string> LabelledStems(LayoutRequest request, LayoutFolder folder) =>
        request.IgnoreLabels || !folder.HasFolder(Labels)
            ? []
            : [.. folder.PngsBelow(Labels, recurse: true).Where(path => path.EndsWith(".png", StringComparison.Ordinal)).Select(LayoutFolder.Stem)];

    /// <summary>
    /// Encoding where the names are in the order of the raw ids and one raw id means "ignore": a low one is left out of the count, so
    /// with 0 ignored the first name is raw id 1.
    /// </summary>
    public static LabelEncoding Encoding(int classes, int ignore) =>
        ignore >= classes
            ? new LabelEncoding()
            : new LabelEncoding
            {
                TrainIds = Enumerable.Range(0, classes + 1).Where(raw => raw != ignore).ToDictionary(raw => raw, raw => raw < ignore ? raw : raw - 1),
            };
}
