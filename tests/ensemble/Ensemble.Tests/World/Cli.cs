using System.Diagnostics;
using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Ensemble.Tests.World;

/// <summary>The client as a process.</summary>
/// <param name="home">Where it keeps what it makes.</param>
/// <param name="gateway">The gateway it talks to; null: it starts services of its own.</param>
internal sealed class Cli(string home, string? gateway)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Runs a command to its end.</summary>
    public Task<ProgramRun> RunAsync(params string[] arguments) => RunAsync(Limit, arguments);

    /// <summary>Runs a command to its end.</summary>
    public Task<ProgramRun> RunAsync(TimeSpan limit, params string[] arguments) =>
        ProgramRun.OfAsync(Places.DotNet, Command(arguments), Environment(), limit);

    /// <summary>Starts a command.</summary>
    public Process Start(params string[] arguments) => ProgramRun.Start(Places.DotNet, Command(arguments), Environment());

    private static IEnumerable<string> Command(string[] arguments) => [Places.Built("IntraDA.Cli", "intrada"), .. arguments];

    private Dictionary<string, string?> Environment() => new()
    {
        ["INTRADA_HOME"] = home,
        ["INTRADA_GATEWAY"] = gateway,
        ["INTRADA_STANDALONE"] = Places.Built("IntraDA.Standalone", "IntraDA.Standalone"),
    };
}
