using IntraDA.Cli.Errors;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Datasets;

/// <summary>A data set as it lies in a folder of this machine.</summary>
/// <param name="Directory">Absolute path.</param>
/// <param name="Layout">Name of the layout.</param>
/// <param name="List">List file as the user named it; null: all images of the split.</param>
/// <param name="Split">Split, where the layout has any; empty otherwise.</param>
/// <param name="Protocol">Label space; empty: the layout's own.</param>
/// <param name="IgnoreLabels">Leave labels out.</param>
internal sealed record DatasetPlace(
    string Directory, string Layout, string? List, string Split, string Protocol, bool IgnoreLabels)
{
    /// <summary>Checks that the folder and the list are there, before any service is asked.</summary>
    /// <param name="role">What the folder is for, e.g. <c>--source</c>.</param>
    /// <returns>The place with an absolute folder, and the list relative to it.</returns>
    /// <exception cref="CliException">One of them is missing.</exception>
    public DatasetPlace Resolve(string role)
    {
        var directory = Path.GetFullPath(Directory);
        if (!System.IO.Directory.Exists(directory))
        {
            throw new CliException(File.Exists(directory)
                ? $"{role} {Directory} is a file; name the folder that holds the data set"
                : $"{role} {Directory} is not there; check the path of the folder");
        }

        if (List is null)
        {
            return this with { Directory = directory };
        }

        // A list may be named relative to the data set, as in its layout, or to where the user stands.
        var inside = Path.GetFullPath(Path.Combine(directory, List));
        var list = File.Exists(inside) ? inside : Path.GetFullPath(List);
        if (!File.Exists(list))
        {
            throw new CliException($"the list {List} is neither in {directory} nor in the current folder; check {role}-list");
        }

        var relative = Path.GetRelativePath(directory, list).Replace('\\', '/');
        return relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? throw new CliException($"the list {List} lies outside {directory}; copy it there, services read nothing outside a data set's folder")
            : this with { Directory = directory, List = relative };
    }

    /// <summary>The message that registers it in place.</summary>
    /// <returns>The message.</returns>
    public DirectoryDataset ToMessage() => new()
    {
        Path = Directory,
        Layout = Layout,
        List = List ?? "",
        Split = Split,
        Protocol = Protocol,
        IgnoreLabels = IgnoreLabels,
    };
}
