using Grpc.Core;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Output;

namespace IntraDA.Cli.Gateways;

/// <summary>Finds the gateway of a command: the one named by the user, the one that runs here, or one started for the command.</summary>
/// <param name="host">The process.</param>
/// <param name="output">Told what is being started.</param>
/// <param name="given">Address that the user gave, if any.</param>
/// <param name="readCredentials">How the user makes itself known; asked for when a connection is opened.</param>
internal sealed class GatewayConnector(CliHost host, IConsoleOutput output, string? given, Func<CallerCredentials> readCredentials)
{
    private readonly Lazy<CallerCredentials> _credentials = new(readCredentials);

    /// <summary>How the user makes itself known.</summary>
    /// <param name="address">Who is told.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="Errors.CliException">A file of credentials cannot be used.</exception>
    public CallerCredentials CredentialsFor(Uri address)
    {
        if (_credentials.Value.Key is not null && address.Scheme == "http" && !GatewayAddress.IsLocal(address))
        {
            output.Warn($"the API key travels to {address} without encryption; others on the way can read it");
        }

        return _credentials.Value;
    }

    /// <summary>Connects to a gateway.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The connection; dispose it.</returns>
    /// <exception cref="Errors.CliException">The local services cannot be started.</exception>
    /// <exception cref="RpcException">The named gateway does not answer.</exception>
    public async Task<GatewayConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (given is not null)
        {
            var address = GatewayAddress.Parse(given, "--gateway");
            return new GatewayConnection(
                address, await ServiceProbe.OpenAsync(address, CredentialsFor(address), "gateway", host.Clock, cancellationToken), server: null);
        }

        var home = HomeDirectory.Resolve(host);
        if (await FindRunningAsync(home, cancellationToken) is { } running)
        {
            return running;
        }

        output.Note("Starting the local services ...");
        var server = await StandaloneProcess.StartAsync(
            StandaloneCommand.Locate(host, ["--home", home, "--exit-with-stdin"]), home, host.Clock, cancellationToken);
        return new GatewayConnection(server.Addresses.Gateway, Channels.Open(server.Addresses.Gateway, CredentialsFor(server.Addresses.Gateway)), server);
    }

    private async Task<GatewayConnection?> FindRunningAsync(string home, CancellationToken cancellationToken)
    {
        var file = Path.Combine(home, ServiceAddresses.FileName);
        if (!File.Exists(file) || ServiceAddresses.TryParse(await File.ReadAllTextAsync(file, cancellationToken)) is not { } addresses)
        {
            return null;
        }

        try
        {
            var channel = await ServiceProbe.OpenAsync(
                addresses.Gateway, CredentialsFor(addresses.Gateway), "gateway", host.Clock, cancellationToken);
            return new GatewayConnection(addresses.Gateway, channel, server: null);
        }
        catch (RpcException)
        {
            // The file was left by services that are gone.
            return null;
        }
    }
}
