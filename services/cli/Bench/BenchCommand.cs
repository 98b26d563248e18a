using System.CommandLine;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Bench;

/// <summary>The group <c>bench</c>: each bench compares a plain way with this project's way.</summary>
internal static class BenchCommand
{
    /// <summary>Puts the group together.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    /// <returns>The group.</returns>
    public static Command Create(CliHost host, GlobalOptions options) =>
        new("bench", "Measures this project's way against the plain way, in turn, and checks that the answers agree.")
        {
            new OneBenchCommand(
                host,
                options,
                "inference",
                "Image file to score and label map, against the published code's way.",
                "--precision auto",
                Precision("auto", "float32", "bfloat16")),
        };

    private static Option<string?> Precision(params string[] names) =>
        OptionRules.Choice("--precision", "Precision of the convolutions, float32 by default", names.ToDictionary(name => name));
}
