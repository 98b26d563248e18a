using System.Globalization;
using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using Spectre.Console;

namespace IntraDA.Cli.Datasets;

/// <summary><c>data list</c>.</summary>
internal sealed class DataListCommand : CliCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public DataListCommand(CliHost host, GlobalOptions options)
        : base("list", "Lists the registered data sets.") =>
        Run(host, options, (_, session, cancellationToken) => ListAsync(session, cancellationToken));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["./intrada data list"];

    private static async Task<int> ListAsync(CommandSession session, CancellationToken cancellationToken)
    {
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        var datasets = new List<Dataset>();
        var page = "";
        do
        {
            var response = await gateway.Client.ListDatasetsAsync(
                new ListDatasetsRequest { PageSize = 500, PageToken = page }, cancellationToken: cancellationToken);
            datasets.AddRange(response.Datasets);
            page = response.NextPageToken;
        }
        while (page.Length > 0);

        session.Output.Result(
            new JsonObject { ["datasets"] = new JsonArray([.. datasets.Select(DatasetJson.Of)]) },
            console =>
            {
                if (datasets.Count == 0)
                {
                    console.WriteLine("There is no data set yet; register one with `intrada data push`.");
                    return;
                }

                var table = new Table().RoundedBorder().AddColumns("name", "images", "with labels", "classes");
                foreach (var dataset in datasets)
                {
                    table.AddRow(
                        new Text(dataset.Name),
                        new Text(dataset.Images.ToString(CultureInfo.InvariantCulture)),
                        new Text(dataset.Labelled.ToString(CultureInfo.InvariantCulture)),
                        new Text((dataset.Classes?.Names.Count ?? 0).ToString(CultureInfo.InvariantCulture)));
                }

                console.Write(table);
            });
        return ExitCodes.Success;
    }
}
