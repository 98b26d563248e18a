namespace IntraDA.Cli.Predict;

/// <summary>Images as users name them: files, and folders that mean all images in them.</summary>
internal static class ImagePaths
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    /// <summary>Lists the images.</summary>
    /// <param name="named">Files and folders.</param>
    /// <param name="onProblem">Told, in one line each, what is not there or holds no image.</param>
    /// <returns>Each file once, folders in the order of their names.</returns>
    public static IReadOnlyList<string> Expand(IEnumerable<string> named, Action<string> onProblem)
    {
        var images = new List<string>();
        var seen = new HashSet<string>();
        foreach (var path in named)
        {
            if (Directory.Exists(path))
            {
                // Hidden files are passed over, as in data sets: archives made on other systems leave "._NAME.png" that are no images.
                var inside = Directory.EnumerateFiles(path, "*", new EnumerationOptions { IgnoreInaccessible = false })
                    .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                    .Order(StringComparer.Ordinal)
                    .ToList();
                if (inside.Count == 0)
                {
                    onProblem($"{path}: the folder holds no .png, .jpg or .jpeg file");
                }

                images.AddRange(inside.Where(file => seen.Add(Path.GetFullPath(file))));
            }
            else if (!File.Exists(path))
            {
                onProblem($"{path}: there is no such file; check the path");
            }
            else if (seen.Add(Path.GetFullPath(path)))
            {
                images.Add(path);
            }
        }

        return images;
    }

    /// <summary>Names for the results of each image, different even where files of different folders have equal names.</summary>
    /// <param name="images">The files.</param>
    /// <returns>One name an image, without folder and extension.</returns>
    public static IReadOnlyList<string> ResultNames(IReadOnlyList<string> images)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new List<string>(images.Count);
        foreach (var image in images)
        {
            var stem = Path.GetFileNameWithoutExtension(image);
            var name = stem;
            for (var number = 2; !taken.Add(name); number++)
            {
                name = $"{stem}-{number}";
            }

            names.Add(name);
        }

        return names;
    }
}
