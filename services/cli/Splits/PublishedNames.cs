using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Splits;

/// <summary>File names of pseudo-labels in the published code's flat folder: that of the image, without the folder of its city.</summary>
internal static class PublishedNames
{
    /// <summary>List of the easy images.</summary>
    public const string EasyList = "easy_split.txt";

    /// <summary>List of the hard images.</summary>
    public const string HardList = "hard_split.txt";

    private static readonly string[] ImageExtensions = [".png", ".jpg", ".jpeg"];

    /// <summary>Name of an image's label map.</summary>
    /// <param name="id">Id of the image, e.g. <c>aachen/aachen_000000_000019_leftImg8bit.png</c>.</param>
    /// <returns>E.g. <c>aachen_000000_000019_leftImg8bit.png</c>.</returns>
    public static string LabelFile(string id) => Stem(id) + ".png";

    /// <summary>Name of an image's label map in colours.</summary>
    /// <param name="id">Id of the image.</param>
    /// <returns>E.g. <c>aachen_000000_000019_leftImg8bit_color.png</c>.</returns>
    public static string ColorFile(string id) => Stem(id) + "_color.png";

    /// <summary>Refuses images whose files would have one name in a flat folder.</summary>
    /// <param name="ids">The images.</param>
    /// <exception cref="CliException">Two of them would.</exception>
    public static void RequireDistinct(IEnumerable<string> ids)
    {
        // Compared as file systems that ignore case do, so that a folder can be copied to one.
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (file, id) in ids.SelectMany(id => new[] { (LabelFile(id), id), (ColorFile(id), id) }))
        {
            if (!taken.TryAdd(file, id))
            {
                throw new CliException(
                    $"in a flat folder the images '{taken[file]}' and '{id}' would both have the file {file}; give them different names, or export fewer of them");
            }
        }
    }

    private static string Stem(string id)
    {
        var name = id[(id.LastIndexOf('/') + 1)..];
        return ImageExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) ? name[..name.LastIndexOf('.')] : name;
    }
}
