using System.CommandLine;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Workflows;

/// <summary>The group <c>workflows</c>.</summary>
internal static class WorkflowsCommand
{
    /// <summary>Puts the group together.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    /// <returns>The group.</returns>
    public static Command Create(CliHost host, GlobalOptions options) => new CommandGroup(
        "workflows",
        "Lists, shows, watches and stops workflows.",
        "./intrada workflows list",
        "./intrada workflows watch wf-01m85ghxpk8vjxz3")
    {
        new WorkflowsListCommand(host, options),
        new WorkflowsShowCommand(host, options),
        new WorkflowsWatchCommand(host, options),
        new WorkflowsCancelCommand(host, options),
        new WorkflowsResumeCommand(host, options),
    };

    /// <summary>The argument that names a workflow.</summary>
    /// <returns>A new argument.</returns>
    public static Argument<string> IdArgument() => new("ID") { Description = "Id of the workflow (see `intrada workflows list`)." };
}
