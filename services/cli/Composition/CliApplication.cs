using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using IntraDA.Cli.Adapt;
using IntraDA.Cli.Bench;
using IntraDA.Cli.Checkpoints;
using IntraDA.Cli.Datasets;
using IntraDA.Cli.Demo;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Keys;
using IntraDA.Cli.Output;
using IntraDA.Cli.Predict;
using IntraDA.Cli.Reports;
using IntraDA.Cli.Scoring;
using IntraDA.Cli.Serve;
using IntraDA.Cli.Studies;
using IntraDA.Cli.Workflows;

namespace IntraDA.Cli.Composition;

/// <summary>The composition root: puts the commands together and runs the one that was typed.</summary>
internal static class CliApplication
{
    // Long enough to cancel a local workflow at its next iteration and to stop the services behind it.
    private static readonly TimeSpan InterruptionLimit = TimeSpan.FromSeconds(45);

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="host">The process to run in.</param>
    /// <param name="cancellationToken">Interrupts the command, as Ctrl-C does.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliHost host, CancellationToken cancellationToken = default)
    {
        var parsed = CreateRoot(host).Parse(args);

        // With --help or --version a command line need not be complete: then the action is theirs.
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                await host.Error.WriteLineAsync("intrada: " + error.Message);
            }

            await host.Error.WriteLineAsync($"Try '{PathOf(parsed.CommandResult)} --help'.");
            if (IsJson(parsed))
            {
                new JsonConsoleOutput(host).ErrorLine(new ErrorReport(string.Join(' ', parsed.Errors.Select(error => error.Message)), Code: null, []));
            }

            return ExitCodes.Usage;
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = host.Out,
                Error = host.Error,
                ProcessTerminationTimeout = InterruptionLimit,
            },
            cancellationToken);
    }

    /// <summary>The root command with all commands below it.</summary>
    /// <param name="host">The process they run in.</param>
    /// <returns>The root.</returns>
    public static RootCommand CreateRoot(CliHost host)
    {
        var options = new GlobalOptions();
        var root = new RootCommand("Adapts a segmentation network from labelled to unlabelled images, in two steps (IntraDA). './intrada test' runs the tests.")
        {
            options.Json,
            options.Gateway,
            options.ApiKeyFile,
            options.CaFile,
            options.ClientCertificate,
            new DemoCommand(host, options),
            new AdaptCommand(host, options),
            new SweepCommand(host, options),
            new AblationCommand(host, options),
            new CompareCommand(host, options),
            new PredictCommand(host, options),
            new ScoreCommand(host, options),
            new RankCommand(host, options),
            new EvaluateCommand(host, options),
            new ReportCommand(host, options),
            WorkflowsCommand.Create(host, options),
            DataCommand.Create(host, options),
            new ImportCommand(host, options),
            new ExportCommand(host, options),
            new ServeCommand(host, options),
            BenchCommand.Create(host, options),
            KeysCommand.Create(host, options),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples(help.Action as HelpAction ?? new HelpAction());
        }

        return root;
    }

    private static bool IsJson(ParseResult parsed) =>
        parsed.RootCommandResult.Command.Options.OfType<Option<bool>>().SingleOrDefault(option => option.Name == GlobalOptions.JsonName) is { } json
        && parsed.GetResult(json) is { Implicit: false };

    private static string PathOf(CommandResult result)
    {
        var words = new Stack<string>();
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            if (at is CommandResult command)
            {
                words.Push(command.Command is RootCommand ? "./intrada" : command.Command.Name);
            }
        }

        return string.Join(' ', words);
    }
}
