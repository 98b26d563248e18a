using IntraDA.Gateway.Reporting.Analysis;

namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>Chooses the images of the gallery: by score alone, so that nobody picks the pretty ones.</summary>
public static class GallerySelection
{
    /// <summary>Images a group.</summary>
    public const int PerGroup = 3;

    /// <summary>Chooses the easiest, the median and the hardest images; none twice where there are few.</summary>
    /// <param name="images">The validation set's images; those whose score is not finite are passed over.</param>
    /// <returns>Group, place by score from 1, and image, the easiest first.</returns>
    public static IReadOnlyList<(GalleryGroup Group, int Rank, ValidationImage Image)> Choose(IReadOnlyList<ValidationImage> images)
    {
        ValidationImage[] ordered =
        [
            .. images.Where(i => double.IsFinite(i.Score)).OrderBy(i => i.Score).ThenBy(i => i.Id, StringComparer.Ordinal),
        ];
        var chosen = new SortedDictionary<int, GalleryGroup>();
        for (var i = 0; i < PerGroup; i++)
        {
            Add(i, GalleryGroup.Easiest);
            Add(ordered.Length - 1 - i, GalleryGroup.Hardest);
        }

        var middle = (ordered.Length - PerGroup) / 2;
        for (var i = 0; i < PerGroup; i++)
        {
            Add(middle + i, GalleryGroup.Median);
        }

        return [.. chosen.Select(c => (c.Value, c.Key + 1, ordered[c.Key])).OrderBy(c => c.Value).ThenBy(c => c.Item2)];

        void Add(int position, GalleryGroup group)
        {
            if (position >= 0 && position < ordered.Length)
            {
                chosen.TryAdd(position, group);
            }
        }
    }
}
