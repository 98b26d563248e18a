using System.CommandLine;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Composition;

/// <summary>The option <c>--out</c> of a command: where it writes. Checked before the command begins, so that no work is lost for it.</summary>
internal sealed class OutOption : Option<string>
{
    private readonly bool _takesFile;
    private readonly bool _takesFolder;

    private OutOption(string description, bool takesFile, bool takesFolder)
        : base("--out")
    {
        Description = description;
        (_takesFile, _takesFolder) = (takesFile, takesFolder);
        HelpName = string.Join('|', new[] { takesFile ? "FILE" : null, takesFolder ? "DIR" : null }.OfType<string>());
    }

    /// <summary>An option that names a folder; it need not exist.</summary>
    /// <param name="description">For the help.</param>
    /// <returns>The option.</returns>
    public static OutOption Folder(string description) => new(description, takesFile: false, takesFolder: true);

    /// <summary>An option that names a file; neither it nor its folder need exist.</summary>
    /// <param name="description">For the help.</param>
    /// <returns>The option.</returns>
    public static OutOption File(string description) => new(description, takesFile: true, takesFolder: false);

    /// <summary>An option that names a file or a folder, as other options have it; neither need exist.</summary>
    /// <param name="description">For the help.</param>
    /// <returns>The option.</returns>
    public static OutOption FileOrFolder(string description) => new(description, takesFile: true, takesFolder: true);

    /// <summary>Refuses a place that cannot be written. Leaves nothing there.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="CliException">It is no such place.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(this) is not { } given)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(given))
        {
            throw new CliException($"--out is empty; name a {(_takesFolder ? "folder" : "file")}");
        }

        var full = Path.GetFullPath(given);
        if (!_takesFile && System.IO.File.Exists(full))
        {
            throw new CliException($"--out {given} is a file; name a folder for the results");
        }

        if (!_takesFolder && (Directory.Exists(full) || Path.EndsInDirectorySeparator(given)))
        {
            throw new CliException($"--out {given} is a folder; name the file to write");
        }

        try
        {
            if (_takesFile && System.IO.File.Exists(full))
            {
                new FileStream(full, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
            }

            Probe(given, Directory.Exists(full) || !_takesFile ? full : Path.GetDirectoryName(full)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--out {given} cannot be written: {exception.Message.TrimEnd('.')}; name a place that you may write to");
        }
    }

    // Permissions, read-only file systems and full disks all show where a file is made, and only there.
    private static void Probe(string given, string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing))
        {
            if (System.IO.File.Exists(existing))
            {
                throw new CliException($"--out {given} cannot be made, since {existing} is a file; name another place");
            }

            existing = Path.GetDirectoryName(existing)!;
        }

        System.IO.File.Create(Path.Combine(existing, $".intrada-{Guid.NewGuid():N}"), 1, FileOptions.DeleteOnClose).Dispose();
    }
}
