namespace IntraDA.TestRunner;

/// <summary>What to run.</summary>
/// <param name="Root">The checkout.</param>
/// <param name="Configuration">Build configuration whose outputs are run.</param>
/// <param name="Filter">Part of the qualified names of the tests to run; null: all.</param>
/// <param name="List">Whether to list tests instead of running them.</param>
/// <param name="Matrix">Whether tests that have a long form run it.</param>
internal sealed record RunnerOptions(string Root, string Configuration, string? Filter, bool List, bool Matrix)
{
    private const string MatrixFilter = "Durability";

    /// <summary>What the command understands.</summary>
    public const string Usage =
        """
        Usage: ./intrada test [--filter TEXT] [--list] [--matrix]
          --filter TEXT  Run only tests whose qualified name (Namespace.Class.Method) contains TEXT.
          --list         List the tests instead of running them.
          --matrix       Run the durability tests in their long form: every cell of the kill matrix, outages of
                         full length (about half an hour). --filter chooses other tests.
        Example: ./intrada test --filter Manifests
        """;

    /// <summary>Reads the command line.</summary>
    /// <param name="args">The words.</param>
    /// <param name="error">Told what cannot be understood.</param>
    /// <returns>The options; null where the command line is wrong.</returns>
    public static RunnerOptions? TryParse(IReadOnlyList<string> args, TextWriter error)
    {
        var options = new RunnerOptions(Directory.GetCurrentDirectory(), "Release", Filter: null, List: false, Matrix: false);
        for (var i = 0; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--list":
                    options = options with { List = true };
                    continue;
                case "--matrix":
                    options = options with { Matrix = true };
                    continue;
                case "--root" when value is not null:
                    options = options with { Root = value };
                    break;
                case "--configuration" when value is not null:
                    options = options with { Configuration = value };
                    break;
                case "--filter" when value is { Length: > 0 }:
                    options = options with { Filter = value };
                    break;
                default:
                    error.WriteLine($"intrada: test does not understand \"{args[i]}\"\n{Usage}");
                    return null;
            }

            i++;
        }

        return options is { Matrix: true, Filter: null } ? options with { Filter = MatrixFilter } : options;
    }
}
