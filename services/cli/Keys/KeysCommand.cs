using System.CommandLine;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Keys;

/// <summary>The group <c>keys</c>.</summary>
internal static class KeysCommand
{
    /// <summary>Puts the group together.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    /// <returns>The group.</returns>
    public static Command Create(CliHost host, GlobalOptions options) => new CommandGroup(
        "keys",
        "Makes keys for callers of services that ask who calls.",
        "./intrada keys create --role operate --out keys.jsonl")
    {
        new KeysCreateCommand(host, options),
    };
}
