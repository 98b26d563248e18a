using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using IntraDA.Cli.Adapt;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Transfers;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using Spectre.Console;
using RankRequest = IntraDA.Contracts.Gateway.V1.RankRequest;

namespace IntraDA.Cli.Scoring;

/// <summary><c>rank</c>: splits a score table into easy and hard images.</summary>
internal sealed class RankCommand : CliCommand
{
    private readonly Option<string?> _table = new("--score-table") { Description = "Key of a score table, as `score` prints it.", HelpName = "KEY" };
    private readonly Option<string?> _workflow = new("--workflow") { Description = "Rank the score table of this workflow instead.", HelpName = "ID" };
    private readonly Option<double?> _lambda = new("--lambda") { Description = "Share of images called easy, 0 to 1 (default: 0.67).", HelpName = "X" };
    private readonly Option<string?> _ranking = OptionRules.Choice("--ranking", "Ranking score", Choices.Rankings);
    private readonly Option<string?> _out = new("--out")
    {
        Description = "Fetch ranking.parquet, easy_split.txt and hard_split.txt into this folder.",
        HelpName = "DIR",
    };

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public RankCommand(CliHost host, GlobalOptions options)
        : base("rank", "Splits scored images into easy and hard ones.")
    {
        _lambda.Between(0, 1);
        foreach (var option in new Option[] { _table, _workflow, _lambda, _ranking, _out })
        {
            Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetResult(_table) is null == result.GetResult(_workflow) is null)
            {
                result.AddError("Name the scores: either --score-table KEY or --workflow ID.");
            }
        });
        Run(host, options, RankAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["intrada rank --workflow wf-01m85ghxpk8vjxz3 --lambda 0.5 --out split", "intrada rank --score-table scores/1f/table.parquet --ranking rare-class"];

    private async Task<int> RankAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        var table = parsed.GetValue(_table) is { } key
            ? new Artifact { Key = key }
            : await TableOfAsync(gateway.Client, parsed.GetValue(_workflow)!, cancellationToken);
        var options = new RankingOptions
        {
            Method = parsed.GetValue(_ranking) is { } ranking ? Choices.Rankings[ranking] : RankingMethod.Entropy,
        };
        if (parsed.GetValue(_lambda) is { } lambda)
        {
            options.Lambda = lambda;
        }

        var result = (await gateway.Client.RankAsync(
            new RankRequest { ScoreTable = table, Options = options }, cancellationToken: cancellationToken)).Result;
        var files = new JsonObject();
        if (parsed.GetValue(_out) is { } directory)
        {
            var downloader = new ArtifactDownloader(gateway.Client);
            foreach (var (name, artifact) in new[]
            {
                ("ranking.parquet", result.Ranking), ("easy_split.txt", result.EasySplit), ("hard_split.txt", result.HardSplit),
            })
            {
                var path = Path.GetFullPath(Path.Combine(directory, name));
                await downloader.DownloadAsync(artifact, path, cancellationToken);
                files[Path.GetFileNameWithoutExtension(name)] = path;
            }
        }

        session.Output.Result(
            new JsonObject
            {
                ["easy"] = result.EasyCount,
                ["hard"] = result.HardCount,
                ["threshold"] = result.Threshold,
                ["ranking"] = result.Ranking?.Key,
                ["easy_split"] = result.EasySplit?.Key,
                ["hard_split"] = result.HardSplit?.Key,
                ["files"] = files,
            },
            console =>
            {
                var grid = new Table().RoundedBorder().AddColumns("split", "images", "list");
                grid.AddRow(new Text("easy"), new Text($"{result.EasyCount}"), new Text(result.EasySplit?.Key ?? ""));
                grid.AddRow(new Text("hard"), new Text($"{result.HardCount}"), new Text(result.HardSplit?.Key ?? ""));
                console.Write(grid);
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Score of the last easy image: {result.Threshold:0.000000}"));
            });
        return ExitCodes.Success;
    }

    private static async Task<Artifact> TableOfAsync(
        GatewayService.GatewayServiceClient client, string id, CancellationToken cancellationToken)
    {
        var workflow = (await client.GetWorkflowAsync(
            new GetWorkflowRequest { WorkflowId = id }, cancellationToken: cancellationToken)).Workflow;
        return workflow.Stages
            .Where(stage => stage.Kind == StageKind.Score)
            .Select(stage => stage.Outputs.GetValueOrDefault("score_table"))
            .FirstOrDefault(artifact => artifact is not null)
            ?? throw new CliException($"workflow {id} has no score table yet; see `intrada workflows show {id}`");
    }
}
