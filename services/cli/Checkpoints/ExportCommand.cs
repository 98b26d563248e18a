using System.CommandLine;
using System.Text.Json.Nodes;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Predict;
using IntraDA.Cli.Transfers;
using IntraDA.Cli.Workflows;
using IntraDA.Contracts.Gateway.V1;
using Spectre.Console;

namespace IntraDA.Cli.Checkpoints;

/// <summary><c>export</c>: writes a network's weights for PyTorch or as safetensors.</summary>
internal sealed class ExportCommand : CliCommand
{
    private static readonly Dictionary<string, ExportForm> Forms = new()
    {
        ["pth"] = ExportForm.PyTorch,
        ["safetensors"] = ExportForm.Safetensors,
    };

    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "File of weights, in place of --workflow.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _workflow = new("--workflow") { Description = "Workflow that made the network.", HelpName = "ID" };
    private readonly Option<string?> _stage = OptionRules.Choice(
        "--stage", "Which of the workflow's networks (default: the last step's)", StageNames.Networks);

    private readonly Option<string?> _format = OptionRules.Choice("--format", "Form of the file (default: by the end of its name)", Forms);
    private readonly OutOption _out = OutOption.File("File to write.");

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public ExportCommand(CliHost host, GlobalOptions options)
        : base("export", "Writes a network's weights as a state dict that torch.load(..., weights_only=True) reads, or as safetensors.")
    {
        _out.Required = true;
        Add(_file);
        Add(_workflow);
        Add(_stage);
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

            if (result.GetResult(_out) is { Tokens: [var path] } && result.GetValue(_format) is null && FormOf(path.Value) is null)
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
    ];

    private async Task<int> ExportAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(parsed.GetRequiredValue(_out));
        var form = parsed.GetValue(_format) is { } name ? Forms[name] : FormOf(path)!.Value;
        var fetched = path + ".weights";
        try
        {
            if (parsed.GetValue(_workflow) is { } workflow)
            {
                var stage = parsed.GetValue(_stage) is { } chosen ? StageNames.Networks[chosen] : StageKind.Unspecified;
                await FetchAsync(session, workflow, stage, fetched, cancellationToken);
            }

            await using var file = await CheckpointFile.OpenAsync(parsed.GetValue(_file) ?? fetched, prefix: "", cancellationToken);
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

    private static ExportForm? FormOf(string path) => Path.GetExtension(path) switch
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
