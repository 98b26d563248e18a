namespace IntraDA.Artifacts.Tests.Store;

/// <summary>Finds the folder of tools and data beside the repository.</summary>
internal static class SharedFolder
{
    /// <summary>The reason to skip tests that need the folder; a failure where CI was to have it.</summary>
    public static string SkipOrFail(string reason) => SkipOrFail(
        reason,
        Environment.GetEnvironmentVariable("CI") == "true",
        Find() is not null || Environment.GetEnvironmentVariable("INTRADA_SHARED") is { Length: > 0 });

    /// <summary>What becomes of tests whose prerequisite is missing: skipped, or failed in CI where the folder is there or was named.</summary>
    /// <param name="reason">What is missing.</param>
    /// <param name="isCi">Whether this is CI.</param>
    /// <param name="isExpected">Whether the folder is there, or INTRADA_SHARED names one.</param>
    /// <returns>The reason to skip.</returns>
    /// <exception cref="InvalidOperationException">The tests must run.</exception>
    public static string SkipOrFail(string reason, bool isCi, bool isExpected) =>
        isCi && isExpected ? throw new InvalidOperationException(reason) : reason;

    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("INTRADA_SHARED") is { Length: > 0 } given)
        {
            return Directory.Exists(given) ? given : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
            {
                var shared = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared"));
                return Directory.Exists(shared) ? shared : null;
            }
        }

        return null;
    }
}
