using System.CommandLine;
using System.Text.Json.Nodes;
using Grpc.Core;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Output;
using IntraDA.Cli.Predict;
using IntraDA.Cli.Transfers;
using IntraDA.Contracts.Segmenter.V1;
using Spectre.Console;
using ScoreDatasetRequest = IntraDA.Contracts.Gateway.V1.ScoreDatasetRequest;

namespace IntraDA.Cli.Scoring;

/// <summary><c>score</c>: scores a registered data set by entropy.</summary>
internal sealed class ScoreCommand : CliCommand
{
    private readonly ModelOptions _model = new();
    private readonly Option<string> _dataset = new("--dataset") { Description = "Name of the data set.", Required = true, HelpName = "NAME" };
    private readonly OutOption _out = OutOption.File("Fetch the score table (Parquet) into this file.");

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public ScoreCommand(CliHost host, GlobalOptions options)
        : base("score", "Scores every image of a registered data set by the entropy of a network's prediction.")
    {
        _model.AddTo(this);
        Add(_dataset);
        Add(_out);
        Run(host, options, ScoreAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["./intrada score --workflow wf-01m85ghxpk8vjxz3 --dataset my-streets --out scores.parquet"];

    private async Task<int> ScoreAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        var name = parsed.GetRequiredValue(_dataset);
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        var model = await _model.ReadAsync(parsed, gateway.Client, cancellationToken);
        ScoreReport? report = null;
        await using (var board = session.Output.OpenBoard())
        {
            using var call = gateway.Client.ScoreDataset(
                new ScoreDatasetRequest { Model = model, Dataset = name }, cancellationToken: cancellationToken);
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                report = message.Result.Report ?? report;
                if (message.Result.Progress is { } progress)
                {
                    board.Report("score", ProgressFacts.From(progress));
                }
            }
        }

        var table = report?.ScoreTable ?? throw new CliException("the gateway ended the scoring without a score table; see its log");
        var file = parsed.GetValue(_out) is { } path ? Path.GetFullPath(path) : null;
        if (file is not null)
        {
            await new ArtifactDownloader(gateway.Client).DownloadAsync(table, file, cancellationToken);
        }

        session.Output.Result(
            new JsonObject
            {
                ["dataset"] = name,
                ["images"] = report.Images,
                ["score_table"] = table.Key,
                ["sha256"] = table.Sha256,
                ["file"] = file,
            },
            console =>
            {
                var grid = new Table().RoundedBorder().HideHeaders().AddColumns("", "");
                grid.AddRow(new Text("images"), new Text($"{report.Images}"));
                grid.AddRow(new Text("score table"), new Text(table.Key));
                if (file is not null)
                {
                    grid.AddRow(new Text("file"), new Text(file));
                }

                console.Write(grid);
                console.WriteLine($"Split it with `intrada rank --score-table {table.Key}`");
            });
        return ExitCodes.Success;
    }
}
