namespace IntraDA.Data.Manifests;

/// <summary>Form of the paths in a manifest, the same for files below a root and for keys of the store.</summary>
internal static class FilePaths
{
    /// <summary>Whether a path is relative, with '/', and stays below where it starts.</summary>
    public static bool IsSafe(string path) =>
        path.Length is >= 1 and <= 1024
        && !path.Any(c => char.IsControl(c) || c == '\\')
        && path.Split('/').All(part => part is not ("" or "." or ".."));
}
