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
    private readonly Option<string?> _dataset = new("--dataset")
    {
        Description = "Data set that was scored: its classes say what --ranking rare-class calls rare (known with --workflow).",
        HelpName = "NAME",
    };

    private readonly Option<string?> _rare = RareClasses.Option();
    private readonly Option<double?> _lambda = new("--lambda") { Description = "Share of images called easy, 0 to 1 (default: 0.67).", HelpName = "X" };
    private readonly Option<string?> _ranking = OptionRules.Choice("--ranking", "Ranking score", Choices.Rankings);
    private readonly OutOption _out = OutOption.Folder("Fetch ranking.parquet, easy_split.txt and hard_split.txt into this folder.");

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public RankCommand(CliHost host, GlobalOptions options)
        : base("rank", "Splits scored images into easy and hard ones.")
    {
        _lambda.Between(0, 1);
        foreach (var option in new Option[] { _table, _workflow, _dataset, _lambda, _ranking, _rare, _out })
        {
            Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetResult(_table) is null == result.GetResult(_workflow) is null)
            {
                result.AddError("Name the scores: either --score-table KEY or --workflow ID.");
            }
            else if (result.GetResult(_dataset) is not null && result.GetResult(_workflow) is not null)
            {
                result.AddError("--dataset is known from the workflow: leave it out with --workflow.");
            }
            else if (RareClasses.AreUsed(result, _ranking) && !new Option[] { _workflow, _dataset, _rare }.Any(option => result.GetResult(option) is not null))
            {
                result.AddError("--ranking rare-class needs the rare classes: name the data set that was scored with --dataset NAME, or their train ids with --rare A,B,...");
            }

            RareClasses.RefuseNeedless(result, _ranking, _rare);
        });
        Run(host, options, RankAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada rank --workflow wf-01m85ghxpk8vjxz3 --lambda 0.5 --out split",
        "./intrada rank --workflow wf-01m85ghxpk8vjxz3 --ranking rare-class",
        "./intrada rank --score-table scores/1f/table.parquet --ranking rare-class --rare 5,6,7",
    ];

    private async Task<int> RankAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        var request = new RankRequest
        {
            Dataset = parsed.GetValue(_dataset) ?? "",
            Options = new RankingOptions
            {
                Method = parsed.GetValue(_ranking) is { } ranking ? Choices.Rankings[ranking] : RankingMethod.Entropy,
                RareTrainIds = { RareClasses.Read(parsed, _rare) },
            },
        };
        if (parsed.GetValue(_lambda) is { } lambda)
        {
            request.Options.Lambda = lambda;
        }

        if (parsed.GetValue(_table) is { } key)
        {
            request.ScoreTable = new Artifact { Key = key };
        }
        else
        {
            await FillAsync(request, gateway.Client, parsed.GetValue(_workflow)!, cancellationToken);
        }

        var result = (await gateway.Client.RankAsync(request, cancellationToken: cancellationToken)).Result;
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

    // A workflow ranks its target: what it was told is rare counts, else what the target's classes say.
    private static async Task FillAsync(
        RankRequest request, GatewayService.GatewayServiceClient client, string id, CancellationToken cancellationToken)
    {
        var workflow = (await client.GetWorkflowAsync(
            new GetWorkflowRequest { WorkflowId = id }, cancellationToken: cancellationToken)).Workflow;
        request.ScoreTable = workflow.Stages
            .Where(stage => stage.Kind == StageKind.Score)
            .Select(stage => stage.Outputs.GetValueOrDefault("score_table"))
            .FirstOrDefault(artifact => artifact is not null)
            ?? throw new CliException($"workflow {id} has no score table yet; see `intrada workflows show {id}`");
        request.Dataset = workflow.Spec?.Target ?? "";
        if (request.Options.RareTrainIds.Count == 0)
        {
            request.Options.RareTrainIds.AddRange(workflow.Spec?.Ranking?.RareTrainIds ?? []);
        }
    }
}
