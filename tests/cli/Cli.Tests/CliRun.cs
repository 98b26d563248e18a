using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Tests;

/// <summary>One run of the client inside this process.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public IReadOnlyList<JsonObject> JsonLines =>
        [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    public JsonObject LastLine => JsonLines[^1];

    public static Task<CliRun> Of(params string[] args) => With([], args);

    public static async Task<CliRun> With(Dictionary<string, string> variables, string[] args, CancellationToken cancellationToken = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new CliHost
        {
            Out = TextWriter.Synchronized(output),
            Error = TextWriter.Synchronized(error),
            IsTerminal = false,
            Variable = name => variables.GetValueOrDefault(name),
        };
        var code = await CliApplication.RunAsync(args, host, cancellationToken).WaitAsync(Limit, CancellationToken.None);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}
