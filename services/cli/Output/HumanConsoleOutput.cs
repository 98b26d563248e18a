using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using Spectre.Console;

namespace IntraDA.Cli.Output;

/// <summary>Text, tables and progress bars for people.</summary>
internal sealed class HumanConsoleOutput : IConsoleOutput
{
    // A file or pipe has no width; tables and paths must not be wrapped there.
    private const int UnboundedWidth = 240;

    private readonly CliHost _host;
    private readonly IAnsiConsole _console;

    /// <summary>Writes to a host's streams.</summary>
    /// <param name="host">The process.</param>
    public HumanConsoleOutput(CliHost host)
    {
        _host = host;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(host.Out),
            Ansi = host.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = host.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = host.IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!host.IsTerminal)
        {
            _console.Profile.Width = UnboundedWidth;
        }
    }

    /// <inheritdoc/>
    public void Note(string text) => _console.WriteLine(text);

    /// <inheritdoc/>
    public void Warn(string text) => _host.Error.WriteLine("intrada: " + text);

    /// <inheritdoc/>
    public void Error(ErrorReport error)
    {
        foreach (var line in error.Lines)
        {
            _host.Error.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Event(string kind, JsonObject facts)
    {
        // People see events as progress.
    }

    /// <inheritdoc/>
    public void Result(JsonNode machine, Action<IAnsiConsole> human) => human(_console);

    /// <inheritdoc/>
    public IProgressBoard OpenBoard() =>
        _host.IsTerminal && _console.Profile.Capabilities.Ansi
            ? new LiveProgressBoard(_console)
            : new PlainProgressBoard(_host.Out, _host.Clock);
}
