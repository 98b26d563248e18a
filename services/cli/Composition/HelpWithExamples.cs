using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace IntraDA.Cli.Composition;

/// <summary>The library's help followed by the command's examples and, for the root, the exit codes.</summary>
/// <param name="inner">The library's help.</param>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = inner.Invoke(parseResult);
        var writer = parseResult.InvocationConfiguration.Output;
        switch (parseResult.CommandResult.Command)
        {
            case IExampled command:
                Section(writer, command.Examples.Count == 1 ? "Example:" : "Examples:", command.Examples);
                break;
            case RootCommand:
                Section(writer, "Exit codes:", ExitCodes.Help);
                Section(writer, "Example:", ["./intrada demo --out my-demo"]);
                break;
            default:
                break;
        }

        return result;
    }

    private static void Section(TextWriter writer, string title, IReadOnlyList<string> lines)
    {
        writer.WriteLine(title);
        foreach (var line in lines)
        {
            writer.WriteLine("  " + line);
        }

        writer.WriteLine();
    }
}
