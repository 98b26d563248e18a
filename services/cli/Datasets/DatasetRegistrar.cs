using Google.Rpc;
using Grpc.Core;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Gateways;
using IntraDA.Cli.Output;
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
        var dataset = inPlace ? await InPlaceAsync(name, place, cancellationToken) : await SentAsync(name, place, cancellationToken);
        session.Output.Event("dataset", DatasetJson.Of(dataset));
        return dataset;
    }

    /// <summary>
    /// Registers a folder under a name made from its path: in place where the gateway is on this machine and may read it, else by
    /// sending the files. Services in containers answer on this machine too, but see other folders.
    /// </summary>
    /// <param name="place">The folder, resolved.</param>
    /// <param name="role">Its use.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The data set.</returns>
    public async Task<Dataset> RegisterAsync(DatasetPlace place, string role, CancellationToken cancellationToken)
    {
        session.Output.Note($"Reading the {role} set in {place.Directory} ...");
        var name = DatasetNames.For(place, role);
        try
        {
            return await RegisterAsync(name, place, gateway.IsLocal, cancellationToken);
        }
        catch (RpcException e) when (gateway.IsLocal && e.StatusCode == StatusCode.PermissionDenied && IsAboutFolder(e))
        {
            session.Output.Note($"The gateway does not read folders of this machine; sending the {role} set ...");
            return await RegisterAsync(name, place, inPlace: false, cancellationToken);
        }
    }

    private async Task<Dataset> SentAsync(string name, DatasetPlace place, CancellationToken cancellationToken)
    {
        var manifest = await new DatasetPusher(session, gateway).PushAsync(name, place, cancellationToken);
        var request = new RegisterDatasetRequest { Name = name, Manifest = manifest };
        return (await gateway.Client.RegisterDatasetAsync(request, cancellationToken: cancellationToken)).Dataset;
    }

    // As a stream: reading a large set takes longer than a call with one answer may, and whoever waits wants to see how far it is.
    private async Task<Dataset> InPlaceAsync(string name, DatasetPlace place, CancellationToken cancellationToken)
    {
        const string Work = "scan";
        await using var board = session.Output.OpenBoard();
        using var call = gateway.Client.RegisterDirectory(
            new RegisterDirectoryRequest { Name = name, Directory = place.ToMessage() }, cancellationToken: cancellationToken);
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (message.Progress is { } progress)
            {
                board.Report(Work, ProgressFacts.From(progress));
            }
            else if (message.Dataset is { } dataset)
            {
                board.Finish(Work, $"{dataset.Images} images read");
                return dataset;
            }
        }

        throw new CliException("the gateway ended the registration without a data set; see its log");
    }

    private static bool IsAboutFolder(RpcException exception) =>
        exception.GetRpcStatus()?.GetDetail<ErrorInfo>() is { Reason: "DIRECTORY_NOT_ALLOWED" };
}
