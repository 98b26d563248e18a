namespace IntraDA.Parity.Tests.Fixtures;

/// <summary>Finds the folder with <c>parity.json</c>: the repository's own, or another of the same form.</summary>
internal static class FixtureFolder
{
    public const string Variable = "INTRADA_PARITY_FIXTURES";
    public const string Document = "parity.json";

    /// <summary>Whether they are the repository's own.</summary>
    public static bool IsOwn => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    public static string Find()
    {
        var root = RepositoryRoot();
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } given)
        {
            return Path.Combine(root, "tests", "parity", "fixtures");
        }

        // The test runner starts this process in a folder of its own; PWD still names the one that the user stood in.
        string?[] bases = [Environment.GetEnvironmentVariable("PWD"), Directory.GetCurrentDirectory(), root];
        var candidates = bases.Where(b => !string.IsNullOrEmpty(b)).Select(b => Path.GetFullPath(given, Path.GetFullPath(b!))).Distinct().ToList();
        return candidates.Find(c => File.Exists(Path.Combine(c, Document)))
            ?? throw new DirectoryNotFoundException(
                $"{Variable}={given} holds no {Document}; looked in {string.Join(", ", candidates)}.");
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds global.json.");
    }
}
