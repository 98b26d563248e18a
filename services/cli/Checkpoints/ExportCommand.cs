using System.CommandLine;
using System.Text.Json.Nodes;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Predict;
using IntraDA.Cli.Splits;
using IntraDA.Cli.Transfers;
using IntraDA.Cli.Workflows;
using IntraDA.Contracts.Gateway.V1;
using Spectre.Console;

namespace IntraDA.Cli.Checkpoints;

/// <summary><c>export</c>: writes a network's weights for PyTorch or as safetensors, or a split with its pseudo-labels as published.</summary>
internal sealed class ExportCommand : CliCommand
{
    private static readonly Dictionary<string, ExportForm> Forms = new()
    {
        ["pth"] = ExportForm.PyTorch,
        ["safetensors"] = ExportForm.Safetensors,
    };

    private const string PseudoLabels = "pseudo-labels";

    private static readonly Dictionary<string, string> Things = new[] { "weights", PseudoLabels }.ToDictionary(name => name);

    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "File of weights, in place of --workflow.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _workflow = new("--workflow") { Description = "Workflow that made the network.", HelpName = "ID" };
    private readonly Option<string?> _stage = OptionRules.Choice(
        "--stage", "Which of the workflow's networks (default: the last step's)", StageNames.Networks);

    private readonly Option<string?> _format = OptionRules.Choice("--format", "Form of the file (default: by the end of its name)", Forms);
    private readonly Option<string?> _what = OptionRules.Choice(
        "--what", "What of the workflow (default: weights; pseudo-labels come with the lists of easy and hard images)", Things);

    private readonly OutOption _out = OutOption.FileOrFolder(
        "File to write, or folder for pseudo-labels (default: named after the workflow or file, in the current folder).");

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public ExportCommand(CliHost host, GlobalOptions options)
        : base("export", "Writes a network's weights as a state dict that torch.load(..., weights_only=True) reads or as safetensors, or its pseudo-labels.")
    {
        Add(_file);
        Add(_workflow);
        Add(_stage);
        Add(_what);
        Add(_format);
        Add(_out);
        Validators.Add(result =>
        {
            if (result.GetValue(_file) is null == result.GetValue(_workflow) is null)
            {
                result.AddError("Name the weights: either a FILE or --workflow ID.");
            }

            if (result.GetValue(_stage) is not null && result.GetValue(_workflow) is null)
            {
                result.AddError("--stage chooses a network of a workflow: name it with --workflow.");
            }

            if (result.GetValue(_what) == PseudoLabels)
            {
                if (result.GetValue(_workflow) is null)
                {
                    result.AddError("Pseudo-labels are those of a workflow: name it with --workflow.");
                }

                if (new Option[] { _stage, _format }.FirstOrDefault(option => result.GetResult(option) is not null) is { } needless)
                {
                    result.AddError($"{needless.Name} is about weights; leave it out with --what {PseudoLabels}.");
                }
            }
            else if (result.GetResult(_out) is { Tokens: [var path] } && result.GetValue(_format) is null && FormOf(path.Value) is null)
            {
                result.AddError("--format is missing, and the end of the file's name is neither .pth, .pt nor .safetensors.");
            }
        });
        Run(host, options, ExportAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada export --workflow wf-01m85ghxpk8vjxz3 --stage intra --format pth --out intra.pth",
        "./intrada export cityscapes.pth --format safetensors --out cityscapes.safetensors",
        "./intrada export --workflow wf-01m85ghxpk8vjxz3 --what pseudo-labels --out color_masks",
    ];

    private async Task<int> ExportAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_what) == PseudoLabels)
        {
            return await ExportPseudoLabelsAsync(parsed, session, cancellationToken);
        }

        var source = parsed.GetValue(_file);
        var form = parsed.GetValue(_format) is { } name ? Forms[name]
            : FormOf(parsed.GetValue(_out)) ?? (FormOf(source) == ExportForm.PyTorch ? ExportForm.Safetensors : ExportForm.PyTorch);
        var path = Path.GetFullPath(parsed.GetValue(_out) ?? DefaultFile(parsed, form));
        if (source is not null && Path.GetFullPath(source) == path)
        {
            throw new CliException($"{source} has this form already; name another file with --out, or another --format");
        }
        var fetched = path + ".weights";
        try
        {
            if (parsed.GetValue(_workflow) is { } workflow)
            {
                var stage = parsed.GetValue(_stage) is { } chosen ? StageNames.Networks[chosen] : StageKind.Unspecified;
                await FetchAsync(session, workflow, stage, fetched, cancellationToken);
            }

            await using var file = await CheckpointFile.OpenAsync(source ?? fetched, prefix: "", cancellationToken);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await AtomicFile.WriteAsync(path, (stream, token) => WriteAsync(file, form, stream, token), cancellationToken);
            Print(session, path, form, file.Tensors);
            return ExitCodes.Success;
        }
        finally
        {
            if (File.Exists(fetched))
            {
                File.Delete(fetched);
            }
        }
    }

    private async Task<int> ExportPseudoLabelsAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        var id = parsed.GetValue(_workflow)!;
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        var workflow = (await gateway.Client.GetWorkflowAsync(
            new GetWorkflowRequest { WorkflowId = id }, cancellationToken: cancellationToken)).Workflow;
        await new PseudoLabelExport(session, gateway.Client).WriteAsync(
            workflow, Path.GetFullPath(parsed.GetValue(_out) ?? $"{id}-{PseudoLabels}"), cancellationToken);
        return ExitCodes.Success;
    }

    private string DefaultFile(ParseResult parsed, ExportForm form)
    {
        var stem = parsed.GetValue(_file) is { } file ? Path.GetFileNameWithoutExtension(file)
            : parsed.GetValue(_stage) is { } stage ? $"{parsed.GetValue(_workflow)}-{stage}"
            : parsed.GetValue(_workflow)!;
        return stem + (form == ExportForm.PyTorch ? ".pth" : ".safetensors");
    }

    private static async Task FetchAsync(
        CommandSession session, string workflow, StageKind stage, string path, CancellationToken cancellationToken)
    {
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        var answer = await gateway.Client.GetWorkflowAsync(
            new GetWorkflowRequest { WorkflowId = workflow }, cancellationToken: cancellationToken);
        await new ArtifactDownloader(gateway.Client).DownloadAsync(CheckpointResolver.Find(answer.Workflow, stage), path, cancellationToken);
    }

    private static Task WriteAsync(CheckpointFile file, ExportForm form, Stream stream, CancellationToken cancellationToken) =>
        form == ExportForm.PyTorch
            ? PyTorchWriter.WriteAsync(stream, InPublishedOrder(file), cancellationToken)
            : SafetensorsWriter.WriteAsync(
                stream, file.Tensors, file.Metadata.Count > 0 ? file.Metadata : NetworkMetadata.Plain, cancellationToken);

    // Safetensors files are sorted by name; a state dict goes from the first layer to the last, as people read it.
    private static IEnumerable<SafetensorsEntry> InPublishedOrder(CheckpointFile file)
    {
        if (file.Metadata.GetValueOrDefault(NetworkMetadata.ArchitectureKey) is not { } architecture
            || !PublishedLayout.Architectures.Contains(architecture))
        {
            return file.Tensors;
        }

        // Names do not depend on the number of classes.
        var order = PublishedLayout.Of(architecture, 2).Index().ToDictionary(item => item.Item.Name, item => item.Index);
        return file.Tensors.OrderBy(tensor => order.GetValueOrDefault(tensor.Name, int.MaxValue));
    }

    private static ExportForm? FormOf(string? path) => Path.GetExtension(path) switch
    {
        ".pth" or ".pt" => ExportForm.PyTorch,
        ".safetensors" => ExportForm.Safetensors,
        _ => null,
    };

    private static void Print(CommandSession session, string path, ExportForm form, IReadOnlyList<SafetensorsEntry> tensors) =>
        session.Output.Result(
            new JsonObject
            {
                ["out"] = path,
                ["format"] = Forms.First(pair => pair.Value == form).Key,
                ["tensors"] = tensors.Count,
                ["bytes"] = tensors.Sum(tensor => tensor.Length),
            },
            console => console.WriteLine($"{tensors.Count} tensors written to {path}"));
}
