using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Gateways;

/// <summary>Where the local services keep their store: INTRADA_HOME, else <c>intrada</c> in the XDG data home.</summary>
internal static class HomeDirectory
{
    /// <summary>Resolves the folder; it need not exist yet.</summary>
    /// <param name="host">The process.</param>
    /// <param name="given">Folder that the user named, if any.</param>
    /// <returns>An absolute path.</returns>
    public static string Resolve(CliHost host, string? given = null)
    {
        if ((given ?? host.Variable("INTRADA_HOME")) is { Length: > 0 } home)
        {
            return Path.GetFullPath(home);
        }

        // The XDG specification: a relative path in XDG_DATA_HOME is to be ignored.
        var data = host.Variable("XDG_DATA_HOME") is { } xdg && Path.IsPathRooted(xdg)
            ? xdg
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(data.Length > 0 ? data : Path.Combine(Path.GetTempPath(), "intrada-data"), "intrada");
    }
}
