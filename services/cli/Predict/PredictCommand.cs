using System.CommandLine;
using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Gateways;
using IntraDA.Cli.Output;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using Spectre.Console;
using SegmenterOptions = IntraDA.Contracts.Segmenter.V1.PredictionOptions;

namespace IntraDA.Cli.Predict;

/// <summary><c>predict</c>: segments photographs with a workflow's network.</summary>
internal sealed class PredictCommand : CliCommand
{
    private const int SegmenterPort = 7411;

    private readonly Argument<string[]> _images = new("IMAGE")
    {
        Description = "JPEG or PNG files; a folder means all images in it.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly OutOption _out = OutOption.Folder("Folder for the results.");
    private readonly Option<string?> _segmenter = new("--segmenter")
    {
        Description = "Stream from this segmenter directly, e.g. http://127.0.0.1:7411, instead of through the gateway.",
        HelpName = "ADDRESS",
    };

    private readonly ModelOptions _model = new();

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public PredictCommand(CliHost host, GlobalOptions options)
        : base("predict", "Segments photographs: writes label map (train ids), colour overlay and entropy heat map of each.")
    {
        _out.Required = true;
        Add(_images);
        Add(_out);
        _model.AddTo(this);
        Add(_segmenter);
        Run(host, options, PredictAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada predict --workflow wf-01m85ghxpk8vjxz3 photo.jpg more-photos/ --out predictions",
        "./intrada predict --workflow wf-01m85ghxpk8vjxz3 --stage inter photo.jpg --out predictions --segmenter http://127.0.0.1:7411",
        "./intrada predict --checkpoint cityscapes.pth photo.jpg --out predictions",
    ];

    private async Task<int> PredictAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        var failures = 0;
        var images = ImagePaths.Expand(parsed.GetRequiredValue(_images), Fail);
        if (images.Count == 0)
        {
            return ExitCodes.Failure;
        }

        var directory = Path.GetFullPath(parsed.GetRequiredValue(_out));
        var names = ImagePaths.ResultNames(images);
        var writer = new PredictionWriter(directory);
        var outputs = new SegmenterOptions { LabelMap = true, EntropyMap = true };
        await using var connection = await OpenAsync(parsed, session, outputs, cancellationToken);
        var classes = new ClassSet();
        var written = 0;
        await using (var board = session.Output.OpenBoard())
        {
            var meter = new RateMeter(board, session.Clock, "predict", "segmenting", "image", images.Count);
            await new PredictionRun(connection.Call).RunAsync(
                images,
                (index, exception) => Fail($"{images[index]}: {exception.Message}"),
                async (index, content, answer) =>
                {
                    classes = answer.Classes ?? classes;
                    if (answer.OutcomeCase == Contracts.Segmenter.V1.StreamPredictResponse.OutcomeOneofCase.Prediction)
                    {
                        await SaveAsync(index, content, answer.Prediction);
                    }
                    else
                    {
                        var error = ErrorReport.Of(answer.Error ?? new Google.Rpc.Status());
                        Fail($"{images[index]}: {error.Message} ({error.Code})");
                    }

                    meter.Add(1);
                },
                cancellationToken);
            meter.Finish();
        }

        session.Output.Result(
            new JsonObject { ["images"] = written, ["failed"] = failures, ["out"] = directory },
            console => console.WriteLine($"{written} of {written + failures} images segmented; results in {directory}"));
        return failures == 0 ? ExitCodes.Success : ExitCodes.Failure;

        void Fail(string what)
        {
            Interlocked.Increment(ref failures);
            session.Output.Warn(what);
        }

        async Task SaveAsync(int index, byte[] content, Prediction prediction)
        {
            try
            {
                session.Output.Event(
                    "image", await writer.WriteAsync(images[index], names[index], content, prediction, classes, cancellationToken));
                written++;
            }
            catch (BadImageException exception)
            {
                Fail(exception.Message);
            }
        }
    }

    private async Task<PredictionConnection> OpenAsync(
        ParseResult parsed, CommandSession session, SegmenterOptions outputs, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_segmenter) is not { } text)
        {
            var gateway = await session.Connector.ConnectAsync(cancellationToken);
            try
            {
                var chosen = await _model.ReadAsync(parsed, gateway.Client, cancellationToken);
                return new PredictionConnection(
                    await GatewayPredictionCall.OpenAsync(gateway.Client, chosen, outputs, cancellationToken), gateway);
            }
            catch
            {
                await gateway.DisposeAsync();
                throw;
            }
        }

        var address = GatewayAddress.Parse(text, "--segmenter", SegmenterPort);
        var checkpoint = _model.Read(parsed).Checkpoint;
        if (checkpoint is null || _model.IsFile(parsed))
        {
            await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
            checkpoint = await StoredAsync(parsed, gateway.Client, cancellationToken);
        }

        var channel = await ServiceProbe.OpenAsync(
            address, session.Connector.CredentialsFor(address), "segmenter", session.Clock, cancellationToken);
        var client = new SegmenterService.SegmenterServiceClient(channel);
        return new PredictionConnection(
            await SegmenterPredictionCall.OpenAsync(client, checkpoint, outputs, cancellationToken), channel);
    }

    private async Task<Artifact> StoredAsync(
        ParseResult parsed, GatewayService.GatewayServiceClient client, CancellationToken cancellationToken)
    {
        var model = await _model.ReadAsync(parsed, client, cancellationToken);
        if (model.Checkpoint is { } checkpoint)
        {
            return checkpoint;
        }

        var workflow = (await client.GetWorkflowAsync(
            new GetWorkflowRequest { WorkflowId = model.WorkflowId }, cancellationToken: cancellationToken)).Workflow;
        return CheckpointResolver.Find(workflow, model.Stage);
    }
}
