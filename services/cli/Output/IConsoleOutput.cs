using System.Text.Json.Nodes;
using IntraDA.Cli.Errors;
using Spectre.Console;

namespace IntraDA.Cli.Output;

/// <summary>Where a command's results go: text for people, or one JSON object a line for machines.</summary>
internal interface IConsoleOutput
{
    /// <summary>Something the user may want to know.</summary>
    /// <param name="text">One line.</param>
    void Note(string text);

    /// <summary>Something that went wrong while the command goes on; goes to stderr.</summary>
    /// <param name="text">One line.</param>
    void Warn(string text);

    /// <summary>Something that went wrong; goes to stderr, and to machines on stdout too.</summary>
    /// <param name="error">The error.</param>
    void Error(ErrorReport error);

    /// <summary>A fact for machines only; people see it as progress.</summary>
    /// <param name="kind">Value of the line's <c>event</c>.</param>
    /// <param name="facts">The other keys.</param>
    void Event(string kind, JsonObject facts);

    /// <summary>A result.</summary>
    /// <param name="machine">The line for machines.</param>
    /// <param name="human">Prints it for people.</param>
    void Result(JsonNode machine, Action<IAnsiConsole> human);

    /// <summary>Opens a display of running work. Only one is open at a time.</summary>
    /// <returns>The display; dispose it when the work has ended.</returns>
    IProgressBoard OpenBoard();
}
