using System.ComponentModel.DataAnnotations;
using System.Text;
using Google.Protobuf;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Manifests;
using IntraDA.Data.Scoring;
using IntraDA.Segmenter.Datasets;
using IntraDA.Segmenter.Engines;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Batch;

/// <summary>
/// One worker of a batch job: scores its share of a data set's pieces and ends. A piece lies where the gateway looks for it, so a
/// workflow over the same target, network and build of the segmenter takes what is there; a worker that is lost and begun again
/// does only what is not finished.
/// </summary>
public static class ScoringBatch
{
    /// <summary>First word of the command line that runs a batch in place of the service.</summary>
    public const string Command = "score";

    private const int MaxManifestBytes = 1 << 30;

    /// <summary>Scores this worker's pieces.</summary>
    /// <param name="args">Command line without the first word: options of the service, and <c>--Job:Checkpoint</c>, <c>--Job:Dataset</c>, ...</param>
    /// <param name="cancellationToken">Ends after the image in progress; finished pieces stay.</param>
    /// <returns>Exit code: 0 where every piece of this worker is there, 1 otherwise; the reason is one line on standard error.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        try
        {
            var app = SegmenterApplication.Create(args);
            await using (app.ConfigureAwait(false))
            {
                await ScoreAsync(app.Services, OptionsOf(app.Configuration), cancellationToken).ConfigureAwait(false);
            }

            return 0;
        }
        catch (Exception e) when (e is OptionsValidationException or ArtifactStoreException or DatasetException or Hosting.Errors.ServiceException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    private static BatchOptions OptionsOf(IConfiguration configuration)
    {
        var options = new BatchOptions();
        configuration.GetSection(BatchOptions.Section).Bind(options);
        if (int.TryParse(Environment.GetEnvironmentVariable("JOB_COMPLETION_INDEX"), out var index))
        {
            options.Index = index;
        }

        var violations = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), violations, validateAllProperties: true);
        return violations.Count == 0 && options.Index < options.Workers
            ? options
            : throw new OptionsValidationException(
                nameof(BatchOptions), typeof(BatchOptions), violations.Select(v => $"Job: {v.ErrorMessage}").DefaultIfEmpty("Job: Index has to be below Workers."));
    }

    private static async Task ScoreAsync(IServiceProvider services, BatchOptions options, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IArtifactStore>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ScoringBatch));
        // Pieces are named by the digest of the network's bytes, which a bare key does not tell.
        var checkpoint = await store.DescribeAsync(options.Checkpoint, "application/octet-stream", cancellationToken).ConfigureAwait(false);
        var manifest = DatasetManifestJson.Parse(
            await store.ReadBytesAsync(new Artifact { Key = options.Dataset }, MaxManifestBytes, cancellationToken).ConfigureAwait(false), options.Dataset);
        using var lease = await services.GetRequiredService<EngineCache>()
            .LeaseAsync(new ModelSelector { Checkpoint = checkpoint }, "Job:Checkpoint", cancellationToken).ConfigureAwait(false);
        var count = ScoringShards.CountFor(manifest.Items.Count);
        for (var i = options.Index; i < count; i += options.Workers)
        {
            var piece = ScoringShards.Cut(manifest, i);
            var prefix = ScoringShards.PrefixOf(
                services.GetRequiredService<ScorerIdentity>(), checkpoint.Sha256, piece, options.LabelMaps, options.ConfidenceMaps, salt: "");
            var report = $"{prefix}/{ScoringShards.ReportName}";
            if (await store.GetSizeAsync(report, cancellationToken).ConfigureAwait(false) is not null)
            {
                logger.LogInformation("Piece {Piece} of {Count} is there", i + 1, count);
                continue;
            }

            var request = new ScoreDatasetRequest
            {
                OutputPrefix = prefix,
                WriteLabelMaps = options.LabelMaps,
                WriteConfidenceMaps = options.ConfidenceMaps,
            };
            var result = await services.GetRequiredService<DatasetScoring>()
                .RunAsync(lease.Engine, piece.Manifest, request, _ => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
            await store.PutBytesAsync(
                report, Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(result)), "application/json", cancellationToken).ConfigureAwait(false);
            logger.LogInformation("Piece {Piece} of {Count} is done: {Images} images", i + 1, count, piece.Manifest.Items.Count);
        }
    }
}
