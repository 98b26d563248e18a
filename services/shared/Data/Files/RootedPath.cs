using IntraDA.Data.Manifests;

namespace IntraDA.Data.Files;

/// <summary>Finds files below a root and refuses those that are elsewhere.</summary>
internal static class RootedPath
{
    private const int MaxLinks = 40;

    /// <summary>The real path of a file below a root; the root itself may be a link, a way out of it may not.</summary>
    /// <param name="root">Absolute directory.</param>
    /// <param name="relative">Path below it.</param>
    /// <returns>A path without links.</returns>
    /// <exception cref="DatasetException">The path leads out of the root.</exception>
    public static string Resolve(string root, string relative)
    {
        if (!FilePaths.IsSafe(relative))
        {
            throw new DatasetException($"The path '{relative}' must be relative to the data set's folder, with '/' and "
                + "without '..'.");
        }

        var realRoot = Real(Path.GetFullPath(root), relative);
        var real = Real(Path.Combine(realRoot, relative), relative);
        return real.StartsWith(realRoot.TrimEnd('/') + '/', StringComparison.Ordinal)
            ? real
            : throw new DatasetException($"The path '{relative}' leads out of the data set's folder '{root}' through a link; "
                + "copy the file into the folder.");
    }

    // Links are followed part by part, because the target of one may itself pass through others.
    private static string Real(string path, string name)
    {
        var links = 0;
        var real = "/";
        var parts = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (parts.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }

            var next = Path.Combine(real, part);
            if (part == "." || new FileInfo(next).LinkTarget is not { } target)
            {
                real = part == "." ? real : next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new DatasetException($"The path '{name}' goes through too many links.");
            }

            foreach (var targetPart in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                parts.Push(targetPart);
            }

            real = target.StartsWith('/') ? "/" : real;
        }

        return real;
    }
}
