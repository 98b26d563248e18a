using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using Spectre.Console;

namespace IntraDA.Cli.Output;

/// <summary>One JSON object a line on stdout; errors for people go to stderr as well.</summary>
/// <param name="host">The process.</param>
internal sealed class JsonConsoleOutput(CliHost host) : IConsoleOutput
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public void Note(string text) => Event("note", new JsonObject { ["text"] = text });

    /// <inheritdoc/>
    public void Warn(string text)
    {
        host.Error.WriteLine("intrada: " + text);
        Event("warning", new JsonObject { ["text"] = text });
    }

    /// <inheritdoc/>
    public void Error(ErrorReport error)
    {
        foreach (var line in error.Lines)
        {
            host.Error.WriteLine(line);
        }

        ErrorLine(error);
    }

    /// <summary>An error for machines alone.</summary>
    /// <param name="error">The error.</param>
    public void ErrorLine(ErrorReport error) =>
        Event("error", new JsonObject
        {
            ["message"] = error.Message,
            ["code"] = error.Code,
            ["violations"] = new JsonArray([.. error.Violations.Select(violation => (JsonNode)new JsonObject
            {
                ["field"] = violation.Field,
                ["description"] = violation.Description,
            })]),
        });

    /// <inheritdoc/>
    public void Event(string kind, JsonObject facts)
    {
        facts.Insert(0, "event", kind);
        Write(facts);
    }

    /// <inheritdoc/>
    public void Result(JsonNode machine, Action<IAnsiConsole> human) => Write(machine);

    /// <inheritdoc/>
    public IProgressBoard OpenBoard() => new JsonProgressBoard(this, host.Clock);

    private void Write(JsonNode line)
    {
        var text = line.ToJsonString(Format);
        lock (_lock)
        {
            host.Out.WriteLine(text);
            host.Out.Flush();
        }
    }
}
