using IntraDA.Cli.Composition;
using IntraDA.Cli.Gateways;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Datasets;

/// <summary>Makes folders of this machine known to the gateway: in place where it can read them, by sending the files where not.</summary>
/// <param name="session">The command.</param>
/// <param name="gateway">The gateway.</param>
internal sealed class DatasetRegistrar(CommandSession session, GatewayConnection gateway)
{
    /// <summary>Registers a folder.</summary>
    /// <param name="name">Name to register it under.</param>
    /// <param name="place">The folder, resolved.</param>
    /// <param name="inPlace">Whether the services read the folder; false sends the files.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The data set.</returns>
    public async Task<Dataset> RegisterAsync(string name, DatasetPlace place, bool inPlace, CancellationToken cancellationToken)
    {
        var request = new RegisterDatasetRequest { Name = name };
        if (inPlace)
        {
            request.Directory = place.ToMessage();
        }
        else
        {
            request.Manifest = await new DatasetPusher(session, gateway).PushAsync(name, place, cancellationToken);
        }

        var dataset = (await gateway.Client.RegisterDatasetAsync(request, cancellationToken: cancellationToken)).Dataset;
        session.Output.Event("dataset", DatasetJson.Of(dataset));
        return dataset;
    }

    /// <summary>Registers a folder under a name made from its path, in place where the gateway is on this machine.</summary>
    /// <param name="place">The folder, resolved.</param>
    /// <param name="role">Its use.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The data set.</returns>
    public Task<Dataset> RegisterAsync(DatasetPlace place, string role, CancellationToken cancellationToken)
    {
        session.Output.Note($"Reading the {role} set in {place.Directory} ...");
        return RegisterAsync(DatasetNames.For(place, role), place, gateway.IsLocal, cancellationToken);
    }
}
