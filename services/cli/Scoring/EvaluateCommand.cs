using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Output;
using IntraDA.Cli.Predict;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using Spectre.Console;

namespace IntraDA.Cli.Scoring;

/// <summary><c>evaluate</c>: measures a network on a labelled data set.</summary>
internal sealed class EvaluateCommand : CliCommand
{
    private readonly ModelOptions _model = new();
    private readonly Option<string> _dataset = new("--dataset") { Description = "Name of the labelled data set.", Required = true, HelpName = "NAME" };

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public EvaluateCommand(CliHost host, GlobalOptions options)
        : base("evaluate", "Measures a network on a registered labelled data set: IoU of each class and mIoU, in percent.")
    {
        _model.AddTo(this);
        Add(_dataset);
        Run(host, options, EvaluateAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["./intrada evaluate --workflow wf-01m85ghxpk8vjxz3 --stage inter --dataset my-validation"];

    private async Task<int> EvaluateAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        var name = parsed.GetRequiredValue(_dataset);
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        var model = await _model.ReadAsync(parsed, gateway.Client, cancellationToken);
        EvaluationReport? received = null;
        await using (var board = session.Output.OpenBoard())
        {
            using var call = gateway.Client.Evaluate(
                new EvaluateRequest { Model = model, Dataset = name }, cancellationToken: cancellationToken);
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                received = message.Result.Report ?? received;
                if (message.Result.Progress is { } progress)
                {
                    board.Report("evaluate", ProgressFacts.From(progress));
                }
            }
        }

        var report = received ?? throw new CliException("the gateway ended the evaluation without a report; see its log");
        session.Output.Result(ToJson(name, report), console => Print(console, report));
        return ExitCodes.Success;
    }

    private static JsonObject ToJson(string dataset, EvaluationReport report)
    {
        var iou = new JsonObject();
        foreach (var (name, value) in report.Classes.Names.Zip(report.Iou))
        {
            iou[name] = value < 0 ? null : Math.Round(100 * value, 3);
        }

        var json = new JsonObject
        {
            ["dataset"] = dataset,
            ["images"] = report.Images,
            ["miou"] = Math.Round(100 * report.Miou, 3),
            ["pixel_accuracy"] = Math.Round(100 * report.PixelAccuracy, 3),
            ["iou"] = iou,
        };
        if (report.HasMiou13)
        {
            json["miou_13"] = Math.Round(100 * report.Miou13, 3);
        }

        return json;
    }

    private static void Print(IAnsiConsole console, EvaluationReport report)
    {
        var table = new Table().RoundedBorder().AddColumn("class").AddColumn(new TableColumn("IoU %").RightAligned());
        foreach (var (name, value) in report.Classes.Names.Zip(report.Iou))
        {
            table.AddRow(new Text(name), new Text(value < 0 ? "does not occur" : Percent(value)));
        }

        table.AddEmptyRow();
        table.AddRow(new Text("mIoU"), new Text(Percent(report.Miou)));
        if (report.HasMiou13)
        {
            table.AddRow(new Text("mIoU* (13 classes)"), new Text(Percent(report.Miou13)));
        }

        table.AddRow(new Text("pixel accuracy"), new Text(Percent(report.PixelAccuracy)));
        console.Write(table);
        console.WriteLine($"{report.Images} images");
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
}
