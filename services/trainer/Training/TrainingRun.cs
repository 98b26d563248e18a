using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.TensorBoard;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Files;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Inference;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Jobs;
using IntraDA.Trainer.Loading;

namespace IntraDA.Trainer.Training;

/// <summary>Carries a plan out: resumes where an earlier run stopped, trains, checkpoints, stores the result.</summary>
/// <param name="store">The store.</param>
/// <param name="files">Reads data sets.</param>
/// <param name="cache">Keeps decoded samples.</param>
/// <param name="timeProvider">Clock.</param>
/// <param name="saving">How often a run saves itself, and how long its last save may take.</param>
/// <param name="release">Says which checkpoints it writes and goes on from.</param>
/// <param name="logger">Log.</param>
public sealed partial class TrainingRun(
    IArtifactStore store,
    DatasetFileReader files,
    SampleCache cache,
    TimeProvider timeProvider,
    CheckpointInterval saving,
    TrainerRelease release,
    ILogger<TrainingRun> logger)
{
    /// <summary>Trains.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="placement">Precision and device.</param>
    /// <param name="prefix">The job's prefix in the store.</param>
    /// <param name="observer">Hears how it goes.</param>
    /// <param name="cancellationToken">Stops at the next iteration; the state then is kept as a checkpoint.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ServiceException">FAILED_PRECONDITION <c>TRAINING_DIVERGED</c>: a loss or a weight is no number any more.</exception>
    public async Task<TrainingResult> RunAsync(
        TrainingPlan plan, TensorPlacement placement, string prefix, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        var resume = ResumeStoreOf(prefix);
        using var session = await OpenAsync(plan, placement, cancellationToken).ConfigureAwait(false);
        var point = await resume.FindReadableAsync(cancellationToken).ConfigureAwait(false);
        LossCurves? curves = null;
        try
        {
            curves = point is null ? null : await resume.RestoreAsync(point, session, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArtifactDamagedException or ArtifactNotFoundException)
        {
            // From the beginning the job ends with the same bytes, only later.
            LogDamaged(point!.Iteration, e.Message);
            point = null;
        }

        curves ??= new LossCurves();
        var best = point?.Best;
        var earlier = point?.Seconds ?? 0;
        var start = timeProvider.GetTimestamp();
        double Seconds() => earlier + timeProvider.GetElapsedTime(start).TotalSeconds;

        var saved = start;
        observer.Started(session.Iteration, plan.Iterations, curves);
        try
        {
            // The run before this one may have been cancelled in the middle of the comparison; a second one changes nothing.
            if (point is not null && IsCompared(plan, session.Iteration))
            {
                best = await CompareAsync(plan, session, best, prefix, cancellationToken).ConfigureAwait(false);
            }

            while (session.Iteration < plan.Iterations)
            {
                var (terms, rate) = await session.StepAsync(cancellationToken).ConfigureAwait(false);
                observer.Stepped(curves.Add(session.Iteration, terms, rate));
                Divergence.Check(terms, session.Iteration);
                if (IsCompared(plan, session.Iteration))
                {
                    best = await CompareAsync(plan, session, best, prefix, cancellationToken).ConfigureAwait(false);
                }

                if (session.Iteration < plan.Iterations
                    && (session.Iteration % plan.CheckpointEvery == 0 || saving.IsOver(timeProvider.GetElapsedTime(saved))))
                {
                    await TrySaveAsync(resume, session, curves, Seconds(), best, cancellationToken).ConfigureAwait(false);
                    saved = timeProvider.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // A cancelled job may be taken up again: what was trained since the last checkpoint is kept too.
            if (session.Iteration > (point?.Iteration ?? 0))
            {
                await SaveLastAsync(resume, session, curves, Seconds(), best).ConfigureAwait(false);
            }

            throw;
        }

        return await FinishAsync(plan, session, curves, best, Seconds(), point?.Iteration ?? 0, prefix, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes what only an unfinished job needs. To be called after the result itself has been recorded.</summary>
    /// <param name="prefix">The job's prefix in the store.</param>
    /// <param name="result">What stays.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the removal.</returns>
    public async Task CleanAsync(string prefix, TrainingResult result, CancellationToken cancellationToken)
    {
        await ResumeStoreOf(prefix).ClearAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var key in store.ListAsync($"{prefix}/best/", cancellationToken).ConfigureAwait(false))
        {
            if (key != result.Weights.Key)
            {
                await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Refuses a job whose checkpoint another trainer wrote in a form that this one does not know.</summary>
    /// <param name="prefix">The job's prefix in the store.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends when the checkpoint was looked at.</returns>
    /// <exception cref="ServiceException">FAILED_PRECONDITION.</exception>
    public Task CheckResumableAsync(string prefix, CancellationToken cancellationToken) =>
        ResumeStoreOf(prefix).FindReadableAsync(cancellationToken);

    private static NetworkDescription Describe(TrainingPlan plan) =>
        new(plan.Architecture, plan.Classes, plan.UnlabelledSize.Width, plan.UnlabelledSize.Height);

    private static bool IsCompared(TrainingPlan plan, int iteration) =>
        plan.BestOn is not null && (iteration % plan.EvaluateEvery == 0 || iteration == plan.Iterations);

    // A store that is out of reach for now costs a checkpoint, not the training: the next interval tries again.
    private async Task TrySaveAsync(
        ResumeStore resume, TrainingSession session, LossCurves curves, double seconds, BestSnapshot? best, CancellationToken cancellationToken)
    {
        Divergence.Check(session.Network, session.Iteration);
        try
        {
            await resume.SaveAsync(session.CaptureState(), curves, seconds, best, cancellationToken).ConfigureAwait(false);
        }
        catch (ArtifactStoreException e) when (e.IsTransient)
        {
            LogNotSaved(session.Iteration, e.Message);
        }
    }

    private async Task SaveLastAsync(ResumeStore resume, TrainingSession session, LossCurves curves, double seconds, BestSnapshot? best)
    {
        using var limit = new CancellationTokenSource(saving.Farewell, timeProvider);
        try
        {
            await TrySaveAsync(resume, session, curves, seconds, best, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            LogNotSaved(session.Iteration, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The checkpoint at iteration {Iteration} could not be stored; the former one counts: {Reason}")]
    private partial void LogNotSaved(int iteration, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The checkpoint at iteration {Iteration} cannot be read, so the training begins anew: {Reason}")]
    private partial void LogDamaged(int iteration, string reason);

    private async Task<TrainingSession> OpenAsync(TrainingPlan plan, TensorPlacement placement, CancellationToken cancellationToken)
    {
        var network = Architectures.Build(plan.Architecture, plan.Classes.Names.Count, placement);
        try
        {
            WeightInitializer.Initialize(network, plan.Seed);
            if (plan.InitialWeights is not null)
            {
                await NetworkCheckpoint.LoadInitialAsync(store, plan.InitialWeights, network, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            network.Dispose();
            throw;
        }

        var labelled = plan.Labelled.Select((l, i) => (ISampleSet)new DatasetSampleSet(
            $"labelled-{i}", l.Manifest, labelled: !l.AdversaryOnly, plan.LabelledSize.Width, plan.LabelledSize.Height, files, cache));
        var unlabelled = plan.Unlabelled is null ? null : new DatasetSampleSet(
            "unlabelled", plan.Unlabelled, labelled: false, plan.UnlabelledSize.Width, plan.UnlabelledSize.Height, files, cache);
        return new TrainingSession(plan, network, [.. labelled], unlabelled);
    }

    private async Task<BestSnapshot?> CompareAsync(
        TrainingPlan plan, TrainingSession session, BestSnapshot? best, string prefix, CancellationToken cancellationToken)
    {
        using var engine = new SegmentationEngine(session.Network, Describe(plan), ownsNetwork: false);
        var (histogram, _) = await new NetworkEvaluation(files).RunAsync(engine, plan.BestOn!, _ => { }, cancellationToken).ConfigureAwait(false);
        var miou = histogram.MeanIntersectionOverUnion();
        if (best is not null && miou <= best.Miou)
        {
            return best;
        }

        // The name holds the iteration: a checkpoint that names the former best must still find it after a crash in between.
        var weights = await SaveAsync(plan, session, ArtifactKey.Combine(prefix, $"best/{session.Iteration:D8}.safetensors"), cancellationToken)
            .ConfigureAwait(false);
        return new BestSnapshot(session.Iteration, miou, StoredArtifact.From(weights));
    }

    private async Task<TrainingResult> FinishAsync(
        TrainingPlan plan,
        TrainingSession session,
        LossCurves curves,
        BestSnapshot? best,
        double seconds,
        int resumedFrom,
        string prefix,
        CancellationToken cancellationToken)
    {
        Divergence.Check(session.Network, session.Iteration);
        await StoreEventsAsync(curves, seconds, prefix, cancellationToken).ConfigureAwait(false);
        return new TrainingResult
        {
            Weights = best?.Weights.ToArtifact()
                ?? await SaveAsync(plan, session, ArtifactKey.Combine(prefix, "weights.safetensors"), cancellationToken).ConfigureAwait(false),
            Curves = await store.PutBytesAsync(
                ArtifactKey.Combine(prefix, "curves.jsonl"), curves.ToJsonLines(), LossCurves.MediaType, cancellationToken).ConfigureAwait(false),
            SnapshotIteration = best?.Iteration ?? session.Iteration,
            Seconds = seconds,
            ResumedFrom = resumedFrom,
        };
    }

    // For TensorBoard. Steps have no times of their own: they are spread evenly over the time of training.
    private Task StoreEventsAsync(LossCurves curves, double seconds, string prefix, CancellationToken cancellationToken)
    {
        var points = curves.After(0);
        var begin = timeProvider.GetUtcNow() - TimeSpan.FromSeconds(seconds);
        return store.PutWrittenAsync(
            ArtifactKey.Combine(prefix, "tensorboard/events.out.tfevents.intrada"),
            EventFileWriter.MediaType,
            (stream, token) => EventFileWriter.WriteAsync(
                stream,
                points.Select((point, i) => new ScalarPoint(
                    point.Iteration,
                    begin + TimeSpan.FromSeconds(seconds * (i + 1) / points.Count),
                    point.Terms.OrderBy(term => term.Key, StringComparer.Ordinal))),
                begin,
                token),
            cancellationToken);
    }

    private ResumeStore ResumeStoreOf(string prefix) => new(store, prefix, release.CheckpointFormat);

    private Task<Artifact> SaveAsync(TrainingPlan plan, TrainingSession session, string key, CancellationToken cancellationToken) =>
        NetworkCheckpoint.SaveAsync(store, key, session.Network, Describe(plan), cancellationToken);
}
