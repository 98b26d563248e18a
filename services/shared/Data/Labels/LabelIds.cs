using System.Globalization;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Labels;

/// <summary>Looks over the class ids of a label file before it is trained on.</summary>
internal static class LabelIds
{
    private const int Named = 5;

    /// <summary>Reads a label file to its end and checks its values.</summary>
    /// <param name="png">The whole file.</param>
    /// <param name="encoding">How raw values become train ids.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="ignored">Raw value that counts nowhere, beside which any without a class is refused; null where these are ignored.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="limits">Refuses more bytes or pixels.</param>
    /// <returns>Whether a pixel has a class.</returns>
    /// <exception cref="BadImageException">The file is cut off or damaged, or holds values that have no class.</exception>
    public static bool Check(ReadOnlyMemory<byte> png, LabelEncoding encoding, int classes, int? ignored, string name, ImageLimits limits)
    {
        var raw = PngReader.Read(png, name, limits, encoding.Channel);
        var counts = new int[1 << raw.BitDepth];
        foreach (var sample in raw.Samples)
        {
            counts[sample]++;
        }

        var hasClass = false;
        var strangers = new List<int>();
        for (var value = 0; value < counts.Length; value++)
        {
            if (counts[value] == 0)
            {
                continue;
            }

            if (IsClass(encoding, classes, value))
            {
                hasClass = true;
            }
            else if (ignored is not null && value != ignored && value != ClassList.Ignore)
            {
                strangers.Add(value);
            }
        }

        return strangers.Count == 0
            ? hasClass
            : throw new BadImageException(name, Describe(strangers, counts, classes, ignored!.Value));
    }

    private static bool IsClass(LabelEncoding encoding, int classes, int value) => encoding.TrainIds is { } map
        ? map.TryGetValue(value, out var trainId) && trainId < classes
        : value < classes;

    private static string Describe(List<int> strangers, int[] counts, int classes, int ignored)
    {
        var named = string.Join(", ", strangers.Take(Named).Select(value => string.Create(
            CultureInfo.InvariantCulture, $"{value} ({counts[value]} {(counts[value] == 1 ? "pixel" : "pixels")})")));
        var more = strangers.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {strangers.Count - Named} more") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"it holds {(strangers.Count == 1 ? "the value" : "the values")} {named}{more}, which stand for none of the {classes} classes nor for \"ignore\" ({ignored}); name their classes in classes.json, or paint them with the value to ignore");
    }
}
