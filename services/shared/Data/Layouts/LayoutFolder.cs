using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IntraDA.Data.Files;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>A data set's folder: lists and small files in it, with errors that name the thing and the fix.</summary>
internal sealed class LayoutFolder(LayoutRequest request)
{
    private const int MaxTextBytes = 64 << 20;
    private const int NamedFiles = 5;

    private static readonly string[] ImageExtensions = [".png", ".jpg", ".jpeg"];

    public bool Has(string relative) => File.Exists(Path.Combine(request.Path, relative));

    public bool HasFolder(string relative) => Directory.Exists(Path.Combine(request.Path, relative));

    public void RequireFolder(string relative, string fix)
    {
        if (!HasFolder(relative))
        {
            throw new DatasetException($"The folder '{request.Path}' has no folder '{relative}': {fix}.");
        }
    }

    public void RefuseSplit()
    {
        if (request.Split.Length > 0)
        {
            throw new DatasetException($"The layout '{request.Layout}' has no split '{request.Split}': leave the split empty "
                + "and give a list file instead.");
        }
    }

    public void RefuseProtocol()
    {
        if (request.Protocol.Length > 0)
        {
            throw new DatasetException($"The layout '{request.Layout}' has no protocol '{request.Protocol}': leave it empty, "
                + "the classes are those of the folder.");
        }
    }

    /// <summary>Lines of the list file, each once and safe as a path; null where no list is asked for.</summary>
    /// <param name="isImage">Whether a line that looks like a comment is an image's name all the same; null: none is.</param>
    public IReadOnlyList<string>? ReadList(Func<string, bool>? isImage = null)
    {
        if (request.List.Length == 0)
        {
            return null;
        }

        var names = ListLines.Of(ReadText(request.List)).Where(line => !line.StartsWith('#') || isImage?.Invoke(line) == true).ToList();
        if (names.Count == 0)
        {
            throw new DatasetException($"The list '{request.List}' names no image: write one a line.");
        }

        RefuseAny([.. names.Where(name => !FilePaths.IsSafe(name))], $"Not relative paths without '..' in the list "
            + $"'{request.List}'", "correct them");
        RefuseDuplicates(names, $"More than once in the list '{request.List}'", "keep one line of each");
        return names;
    }

    /// <summary>Paths of image files below a folder, relative to it, with '/', in ordinal order.</summary>
    public IReadOnlyList<string> ImagesBelow(string relative, bool recurse) => FilesBelow(relative, ImageExtensions, recurse);

    /// <summary>Paths of PNG files below a folder, relative to it, with '/', in ordinal order.</summary>
    public IReadOnlyList<string> PngsBelow(string relative, bool recurse) => FilesBelow(relative, [".png"], recurse);

    /// <summary>The path without an image's extension.</summary>
    public static string Stem(string path) =>
        ImageExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? path[..path.LastIndexOf('.')] : path;

    public void RequireImages(int count, string where, string what)
    {
        if (count == 0)
        {
            throw new DatasetException($"The folder '{Path.Combine(request.Path, where)}' holds no {what}: check the "
                + $"path{(request.Split.Length > 0 ? " and the split" : string.Empty)}.");
        }
    }

    public void RequireFiles(IEnumerable<string> paths, string fix) =>
        RefuseAny([.. paths.Where(path => !Has(path))], $"Missing in '{request.Path}'", fix);

    public static void RefuseDuplicates(IEnumerable<string> names, string what, string fix) =>
        RefuseAny([.. names.CountBy(name => name, StringComparer.Ordinal).Where(pair => pair.Value > 1).Select(pair => pair.Key)], what, fix);

    public static void RefuseAny(IReadOnlyCollection<string> names, string what, string fix)
    {
        if (names.Count > 0)
        {
            var more = names.Count > NamedFiles ? $" and {names.Count - NamedFiles} more ({names.Count} in all)" : string.Empty;
            var named = string.Join(", ", names.Take(NamedFiles).Select(name => $"'{name}'"));
            throw new DatasetException($"{what}: {named}{more}; {fix}.");
        }
    }

    public T ReadJson<T>(string relative, JsonTypeInfo<T> type, string form)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(ReadText(relative), type)
                ?? throw new DatasetException($"The file '{relative}' holds null: write {form}.");
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber is { } number ? $" (line {number + 1})" : string.Empty;
            throw new DatasetException($"The file '{relative}' in '{request.Path}' is not as expected{line}: write "
                + $"{form}.", exception);
        }
    }

    private string ReadText(string relative)
    {
        var path = RootedPath.Resolve(request.Path, relative);
        try
        {
            var length = new FileInfo(path).Length;
            return length <= MaxTextBytes
                ? File.ReadAllText(path)
                : throw new DatasetException($"The file '{relative}' in '{request.Path}' has {length} bytes, the limit is "
                    + $"{MaxTextBytes}.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException($"The file '{relative}' does not exist in '{request.Path}': check its name, which is "
                + "relative to that folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"The file '{relative}' in '{request.Path}' cannot be read: check its "
                + "permissions.", exception);
        }
    }

    private List<string> FilesBelow(string relative, string[] extensions, bool recurse)
    {
        var folder = Path.Combine(request.Path, relative);

        // Hidden files are skipped by default: archives made on other systems leave "._NAME.png" that are no images.
        var options = new EnumerationOptions { RecurseSubdirectories = recurse, MaxRecursionDepth = 8, IgnoreInaccessible = false };
        try
        {
            var files = Directory.EnumerateFiles(folder, "*", options)
                .Where(path => extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                .Select(path => Path.GetRelativePath(folder, path))
                .ToList();
            files.Sort(StringComparer.Ordinal);
            return files;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"The folder '{folder}' cannot be listed: check its permissions.", exception);
        }
    }
}
