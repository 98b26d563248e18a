using System.Text;
using Google.Protobuf;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Trainer.Training;

namespace IntraDA.Trainer.Jobs;

/// <summary>What the store remembers of jobs: the request, written first, and the result, written last.</summary>
/// <param name="store">The store.</param>
public sealed class TrainingRecords(IArtifactStore store)
{
    private const string Root = "trainings";
    private const int MaxRecordBytes = 1 << 24;

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>Prefix of a job's artefacts.</summary>
    /// <param name="id">The job's id.</param>
    /// <returns>A key prefix.</returns>
    public static string Prefix(string id) => $"{Root}/{id}";

    /// <summary>Records a request unless its id is taken.</summary>
    /// <param name="training">The job.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False where the id is taken.</returns>
    public async Task<bool> TryRecordRequestAsync(Contracts.Trainer.V1.Training training, CancellationToken cancellationToken) =>
        await store.TryCreateAsync(Key(training.Id, "request.json"), Bytes(training), "application/json", cancellationToken)
            .ConfigureAwait(false) is not null;

    /// <summary>Records a finished job.</summary>
    /// <param name="training">The job in state SUCCEEDED.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends when the record counts.</returns>
    public Task RecordResultAsync(Contracts.Trainer.V1.Training training, CancellationToken cancellationToken) =>
        store.PutBytesAsync(Key(training.Id, "result.json"), Bytes(training), "application/json", cancellationToken);

    /// <summary>The recorded job: its result where it succeeded, else its request, as one that can be started again.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The job, or null where none is known.</returns>
    public async Task<Contracts.Trainer.V1.Training?> FindAsync(string id, CancellationToken cancellationToken)
    {
        // An id from outside: what cannot be part of a key names no job.
        if (!ArtifactKey.IsValid(id) || id.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        return await ReadAsync(Key(id, "result.json"), cancellationToken).ConfigureAwait(false)
            ?? await ReadAsync(Key(id, "request.json"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ids of all recorded jobs.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>In ordinal order.</returns>
    public async Task<IReadOnlyList<string>> ListIdsAsync(CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await foreach (var key in store.ListAsync($"{Root}/", cancellationToken).ConfigureAwait(false))
        {
            if (key.EndsWith("/request.json", StringComparison.Ordinal))
            {
                ids.Add(key.Split('/')[1]);
            }
        }

        return ids;
    }

    /// <summary>Jobs that are done and whose checkpoints are still there: their trainer ended, or lost the store, before it removed them.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The jobs, each with its result.</returns>
    public async Task<IReadOnlyList<Contracts.Trainer.V1.Training>> ListLeftAsync(CancellationToken cancellationToken)
    {
        var saved = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var key in store.ListAsync($"{Root}/", cancellationToken).ConfigureAwait(false))
        {
            if (key.Split('/') is [_, var id, "checkpoint.json" or "checkpoints", ..])
            {
                saved.Add(id);
            }
        }

        var left = new List<Contracts.Trainer.V1.Training>();
        foreach (var id in saved)
        {
            if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is { State: TrainingState.Succeeded } done)
            {
                left.Add(done);
            }
        }

        return left;
    }

    /// <summary>Loss terms of a finished job.</summary>
    /// <param name="training">The recorded job.</param>
    /// <param name="afterIteration">0 for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>In order; empty where the job did not succeed.</returns>
    public async Task<IReadOnlyList<TrainingMetrics>> ReadCurvesAsync(
        Contracts.Trainer.V1.Training training, long afterIteration, CancellationToken cancellationToken) =>
        training.Result?.Curves is { } curves
            ? LossCurves.Parse(await store.ReadBytesAsync(curves, LossCurves.MaxBytes, cancellationToken).ConfigureAwait(false)).After(afterIteration)
            : [];

    private static string Key(string id, string name) => ArtifactKey.Combine(Prefix(id), name);

    private static byte[] Bytes(Contracts.Trainer.V1.Training training) => Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(training));

    private async Task<Contracts.Trainer.V1.Training?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await store.ReadBytesAsync(new Artifact { Key = key }, MaxRecordBytes, cancellationToken).ConfigureAwait(false);
            return Parser.Parse<Contracts.Trainer.V1.Training>(Encoding.UTF8.GetString(bytes));
        }
        catch (ArtifactNotFoundException)
        {
            return null;
        }
    }
}
