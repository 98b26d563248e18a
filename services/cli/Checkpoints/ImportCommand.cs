using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Transfers;
using Spectre.Console;

namespace IntraDA.Cli.Checkpoints;

/// <summary><c>import</c>: lists, checks and converts weights that PyTorch saved. Runs nothing of what the file asks for.</summary>
internal sealed class ImportCommand : CliCommand
{
    private readonly ImportOptions _options = new();

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public ImportCommand(CliHost host, GlobalOptions options)
        : base("import", "Lists, checks and converts weights that PyTorch saved, without running anything of the file.")
    {
        _options.AddTo(this);
        Run(host, options, ImportAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada import cityscapes.pth --list",
        "./intrada import cityscapes.pth --architecture deeplabv2-resnet101 --classes 19 --out cityscapes.safetensors",
        "./intrada import cityscapes.pth --store",
    ];

    private async Task<int> ImportAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        var request = _options.Read(parsed);
        if (request.Out is { } target && Path.GetFullPath(target) == Path.GetFullPath(request.File))
        {
            throw new CliException($"{request.File} would be replaced by what is made of it; name another file with --out");
        }

        await using var file = await CheckpointFile.OpenAsync(request.File, request.Prefix, cancellationToken);
        if (request is { Store: true, Architecture: null } && !NetworkMetadata.IsDescribed(file.Metadata))
        {
            // What lies in the store must say what it is, since nobody is asked when it is used.
            request = request with { Architecture = ImportPlan.Recognise(file) };
        }

        var plan = ImportPlan.Make(file, request);
        if (plan.IsInitial && !file.Prefix.EndsWith(TensorNames.CaffePrefix, StringComparison.Ordinal))
        {
            // Converted from Caffe, they are known to be initial weights; a network that has lost its classifier looks the same otherwise.
            session.Output.Note($"{request.File} has no main classifier (layer6): these are weights to start from, and no network that segments.");
        }

        if (request.Out is { } path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await AtomicFile.WriteAsync(
                path, (stream, token) => SafetensorsWriter.WriteAsync(stream, plan.Tensors, plan.Metadata, token), cancellationToken);
        }

        var stored = request.Store ? await StoreAsync(session, plan, cancellationToken) : null;
        foreach (var tensor in request.List ? plan.Tensors : [])
        {
            session.Output.Result(ToJson(tensor), _ => { });
        }

        session.Output.Result(Summary(file, plan, request, stored), console => Print(console, file, plan, request, stored));
        return ExitCodes.Success;
    }

    private static async Task<string> StoreAsync(CommandSession session, ImportPlan plan, CancellationToken cancellationToken)
    {
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        return (await new CheckpointUploader(gateway.Client).UploadAsync(plan, cancellationToken)).Key;
    }

    private static JsonObject ToJson(SafetensorsEntry tensor) => new()
    {
        ["name"] = tensor.Name,
        ["dtype"] = tensor.DataType.TorchName(),
        ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode)size)]),
    };

    private static JsonObject Summary(CheckpointFile file, ImportPlan plan, ImportRequest request, string? stored) => new()
    {
        ["tensors"] = plan.Tensors.Count,
        ["bytes"] = plan.Tensors.Sum(tensor => tensor.Length),
        ["prefix"] = file.Prefix,
        ["left_out"] = Names(plan.LeftOut),
        ["other_keys"] = Names(file.Others),
        ["architecture"] = request.Architecture,
        ["initial"] = plan.IsInitial,
        ["out"] = request.Out,
        ["stored"] = stored,
    };

    private static JsonArray Names(IReadOnlyList<string> names) => [.. names.Select(name => (JsonNode)name)];

    private static void Print(IAnsiConsole console, CheckpointFile file, ImportPlan plan, ImportRequest request, string? stored)
    {
        if (request.List)
        {
            var table = new Table().RoundedBorder().AddColumns("tensor", "type", "shape");
            foreach (var tensor in plan.Tensors)
            {
                table.AddRow(new Text(tensor.Name), new Text(tensor.DataType.TorchName()), new Text($"[{string.Join(", ", tensor.Shape)}]"));
            }

            console.Write(table);
        }

        var bytes = plan.Tensors.Sum(tensor => tensor.Length).ToString("N0", CultureInfo.InvariantCulture);
        console.WriteLine($"{plan.Tensors.Count} tensors, {bytes} bytes");
        Note("Taken off the names", file.Prefix.Length > 0 ? [file.Prefix] : []);
        Note("Left out, as the published loader does", plan.LeftOut);
        Note("Beside them, no tensors", file.Others);
        if (request.Architecture is { } architecture)
        {
            console.WriteLine($"They are {(plan.IsInitial ? "initial weights for " : "")}{architecture}.");
        }

        if (request.Out is { } path)
        {
            console.WriteLine($"Written to {path}");
        }

        if (stored is not null)
        {
            console.WriteLine($"In the store as {stored}");
        }

        void Note(string title, IReadOnlyList<string> names)
        {
            if (names.Count > 0)
            {
                console.WriteLine($"{title}: {string.Join(", ", names)}");
            }
        }
    }
}
