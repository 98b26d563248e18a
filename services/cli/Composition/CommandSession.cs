using IntraDA.Cli.Gateways;
using IntraDA.Cli.Output;

namespace IntraDA.Cli.Composition;

/// <summary>What a command works with while it runs.</summary>
/// <param name="Host">The process.</param>
/// <param name="Output">Where results go.</param>
/// <param name="Connector">Finds or starts the gateway.</param>
internal sealed record CommandSession(CliHost Host, IConsoleOutput Output, GatewayConnector Connector)
{
    /// <summary>The clock.</summary>
    public TimeProvider Clock => Host.Clock;

    /// <summary>Opens a session.</summary>
    /// <param name="host">The process.</param>
    /// <param name="json">Whether to print JSON lines.</param>
    /// <param name="gateway">Address that the user gave, if any.</param>
    /// <param name="credentials">How the user makes itself known.</param>
    /// <returns>The session.</returns>
    public static CommandSession Open(CliHost host, bool json, string? gateway, Func<CallerCredentials> credentials)
    {
        IConsoleOutput output = json ? new JsonConsoleOutput(host) : new HumanConsoleOutput(host);
        return new CommandSession(host, output, new GatewayConnector(host, output, gateway ?? host.Variable("INTRADA_GATEWAY"), credentials));
    }
}
