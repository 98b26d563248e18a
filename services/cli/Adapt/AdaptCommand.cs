using System.CommandLine;
using System.Text.Json.Nodes;
using IntraDA.Cli.Checkpoints;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Datasets;
using IntraDA.Cli.Splits;
using IntraDA.Cli.Workflows;
using Spectre.Console;

namespace IntraDA.Cli.Adapt;

/// <summary><c>adapt</c>: runs the two-step workflow on a user's folders.</summary>
internal sealed class AdaptCommand : CliCommand
{
    private readonly AdaptOptions _options = new();
    private readonly GivenSplitOptions _split = new();

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public AdaptCommand(CliHost host, GlobalOptions options)
        : base("adapt", "Adapts a network from a labelled source folder to an unlabelled target folder, and reports what it gained.")
    {
        _options.AddTo(this);
        _split.AddTo(this);
        Run(host, options, AdaptAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada adapt --source ~/camvid --source-list source.txt --target ~/camvid --target-list target.txt \\",
        "    --validation-list val.txt --layout camvid --network compact --out camvid-report",
        "./intrada adapt --source ~/gta5 --source-layout gta5 --target ~/cityscapes --layout cityscapes --network deeplabv2-resnet101 \\",
        "    --initial-weights imagenet.pth --device cuda:0 --out gta-report",
        "./intrada adapt --source ~/gta5 --source-layout gta5 --target ~/cityscapes --layout cityscapes --network deeplabv2-resnet101 \\",
        "    --initial-weights inter.pth --iterations-inter 0 --easy-split easy_split.txt --hard-split hard_split.txt \\",
        "    --pseudo-labels-from color_masks --out step-two",
    ];

    private async Task<int> AdaptAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        var started = session.Clock.GetTimestamp();
        var places = _options.Places(parsed);
        var weightsFile = _options.InitialWeights(parsed);
        var split = _split.Read(parsed);
        var ids = split is null ? null : await SplitUploader.CheckAsync(split, cancellationToken);
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        Detachment.Require(_options.Detach(parsed), gateway);

        // All that can be wrong without a look at the data is said before the data are read, which may take long.
        var run = new WorkflowRun(session, gateway);
        var weights = weightsFile is null
            ? null
            : await new CheckpointUploader(gateway.Client).UploadInitialAsync(weightsFile, _options.Network(parsed), cancellationToken);
        if (split is null)
        {
            await run.CheckAsync(_options.Settings(parsed, "", "", "", weights).ToSpec(), cancellationToken);
        }

        var registrar = new DatasetRegistrar(session, gateway);
        var source = await registrar.RegisterAsync(places.Source, "source", cancellationToken);
        var target = await registrar.RegisterAsync(places.Target, "target", cancellationToken);
        var validation = _options.NamesValidation(parsed) || DefaultValidation.IsUsable(places.Validation, places.Target, session.Output)
            ? await registrar.RegisterAsync(places.Validation, "validation", cancellationToken)
            : null;
        var stored = split is null || ids is null
            ? null
            : await new SplitUploader(session, gateway).UploadAsync(split, ids, target.Classes.Names.Count, cancellationToken);

        var settings = _options.Settings(parsed, source.Name, target.Name, validation?.Name ?? "", weights);
        var workflow = await run.CreateAsync((settings with { Split = stored }).ToSpec(), cancellationToken);
        session.Output.Note(
            $"Workflow {workflow.Id}: {source.Images} source, {target.Images} target, {validation?.Images ?? 0} validation images");
        if (_options.Detach(parsed))
        {
            session.Output.Result(
                new JsonObject { ["workflow"] = workflow.Id, ["state"] = StageNames.State(workflow.State) },
                console => console.WriteLine($"watch it with `intrada workflows watch {workflow.Id}`"));
            return ExitCodes.Success;
        }

        return await run.FinishAsync(workflow.Id, 0, _options.Out(parsed), started, cancellationToken);
    }
}
