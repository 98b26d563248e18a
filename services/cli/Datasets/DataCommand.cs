using System.CommandLine;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Datasets;

/// <summary>The group <c>data</c>.</summary>
internal static class DataCommand
{
    /// <summary>Puts the group together.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    /// <returns>The group.</returns>
    public static Command Create(CliHost host, GlobalOptions options) => new CommandGroup(
        "data",
        "Registers, lists and generates data sets.",
        "./intrada data generate --out streets --count 300",
        "./intrada data push streets --layout plain --in-place")
    {
        new DataPushCommand(host, options),
        new DataListCommand(host, options),
        new DataGenerateCommand(host, options),
    };
}
