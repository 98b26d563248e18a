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
        string IdOf(string line) => images.ContainsKey(line) ? line : LayoutFolder.Stem(line);
        var list = folder.ReadList(line => images.ContainsKey(IdOf(line)))?.Select(IdOf).ToList();
        if (list is not null)
        {
            LayoutFolder.RefuseDuplicates(list, $"More than once in the list '{request.List}'", "keep one line of each");
            LayoutFolder.RefuseAny(
                [.. list.Where(id => !images.ContainsKey(id))],
                $"Names of the list '{request.List}' without an image in '{Path.Combine(request.Path, Images)}'",
                "correct the list or add the images");
        }

        var labels = LabelsByStem(request, folder);
        if (list is null)
        {
            LayoutFolder.RefuseAny(
                [.. labels.Keys.Where(id => !images.ContainsKey(id)).Order(StringComparer.Ordinal)],
                $"Labels without an image in '{Images}'",
                "add the images, or give a list");
        }

        var ids = list ?? [.. images.Keys.Order(StringComparer.Ordinal)];
        var without = ids.Where(id => !labels.ContainsKey(id)).ToList();
        if (without.Count < ids.Count)
        {
            LayoutFolder.RefuseAny(
                without,
                $"Images without a label in '{Labels}', while others have one",
                "add the labels, list only images that have one, or ignore labels");
        }

        return [.. ids.Select(id => (id, $"{Images}/{images[id]}", without.Count == 0 ? $"{Labels}/{labels[id]}" : null))];
    }

    private static Dictionary<string, string> LabelsByStem(LayoutRequest request, LayoutFolder folder)
    {
        if (request.IgnoreLabels || !folder.HasFolder(Labels))
        {
            return [];
        }

        // Lossy files hold no class ids; a folder of them alone would pass for a set without labels.
        var files = folder.PngsBelow(Labels, recurse: true);
        LayoutFolder.RefuseAny(
            files.Count > 0 ? [] : folder.ImagesBelow(Labels, recurse: true),
            $"No PNG files in '{Labels}'",
            "write the class ids as PNG, or ignore labels");
        LayoutFolder.RefuseDuplicates(files.Select(LayoutFolder.Stem), $"Labels with two extensions in '{Labels}'", "keep one file of each");
        return files.ToDictionary(LayoutFolder.Stem, StringComparer.Ordinal);
    }

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
