namespace IntraDA.TestRunner;

/// <summary>A test project of the checkout.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Assembly">The program that runs its tests.</param>
internal sealed record TestProject(string Name, string Assembly)
{
    /// <summary>Finds all test projects.</summary>
    /// <param name="options">Where.</param>
    /// <returns>In the order of their paths.</returns>
    public static IReadOnlyList<TestProject> FindAll(RunnerOptions options) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(options.Root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Select(name => new TestProject(
                name,
                Path.Combine(options.Root, "artifacts", "bin", name, options.Configuration.ToLowerInvariant(), name + ".dll"))),
    ];
}
