using System.CommandLine;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Composition;

/// <summary>A command with examples in its help, whose errors become one line and an exit code.</summary>
internal abstract class CliCommand : Command, IExampled
{
    /// <summary>Names the command.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">One sentence for the help.</param>
    protected CliCommand(string name, string description)
        : base(name, description)
    {
    }

    /// <inheritdoc/>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Sets what the command does.</summary>
    /// <param name="host">The process it runs in.</param>
    /// <param name="options">The options of every command.</param>
    /// <param name="body">The work; returns the exit code.</param>
    protected void Run(CliHost host, GlobalOptions options, Func<ParseResult, CommandSession, CancellationToken, Task<int>> body) =>
        SetAction(async (parsed, cancellationToken) =>
        {
            var session = CommandSession.Open(
                host, parsed.GetValue(options.Json), parsed.GetValue(options.Gateway), () => options.CredentialsOf(parsed, host));
            try
            {
                foreach (var place in Options.OfType<OutOption>())
                {
                    place.Check(parsed);
                }

                return await body(parsed, session, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                session.Output.Warn("interrupted");
                return ExitCodes.Interrupted;
            }
            catch (Exception exception)
            {
                session.Output.Error(ErrorReport.Of(exception));
                return ExitCodes.Failure;
            }
        });
}
