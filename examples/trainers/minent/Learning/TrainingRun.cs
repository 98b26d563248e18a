using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using MinEntTrainer.Data;
using MinEntTrainer.Jobs;
using MinEntTrainer.Networks;
using MinEntTrainer.Service;
using MinEntTrainer.Store;

namespace MinEntTrainer.Learning;

/// <summary>Carries a job out: goes on where an earlier run stopped, trains, saves, stores what it made.</summary>
/// <param name="store">The store.</param>
/// <param name="settings">Limits.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed class TrainingRun(IStore store, Settings settings, TimeProvider time, ILogger<TrainingRun> logger)
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(60);

    /// <summary>Reads what a specification names, so that what cannot be used is refused when the job is asked for.</summary>
    /// <param name="spec">The specification, all options set.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Labelled sets with their weights, the unlabelled set, and the label space.</returns>
    /// <exception cref="Refusal">INVALID_ARGUMENT, NOT_FOUND, DATA_LOSS.</exception>
    public async Task<(IReadOnlyList<(SampleSet Set, double Weight)> Labelled, SampleSet? Unlabelled, ManifestClasses Classes)> OpenSetsAsync(
        TrainingSpec spec, CancellationToken cancellationToken)
    {
        var options = spec.Options;
        CheckMemory(options.LabelledSize, "labelled_size");
        CheckMemory(options.UnlabelledSize, "unlabelled_size");
        var labelled = new List<(SampleSet, double)>();
        ManifestClasses? classes = null;
        for (var i = 0; i < spec.Labelled.Count; i++)
        {
            var field = $"spec.labelled[{i}].dataset";
            var manifest = await ManifestAsync(spec.Labelled[i].Dataset, field, cancellationToken);
            classes ??= manifest.Classes;
            if (manifest.Items.Any(item => item.Label is null))
            {
                throw SpecRules.Bad(field, $"Some images of '{manifest.Name}' have no label map.");
            }

            if (!manifest.Classes.Names.SequenceEqual(classes.Names))
            {
                throw SpecRules.Bad(field, $"The classes of '{manifest.Name}' are not those of the first set.");
            }

            var weight = spec.Labelled[i].Weight == 0 ? 1 : spec.Labelled[i].Weight;
            labelled.Add((new SampleSet($"labelled-{i}", manifest, labelled: true, options.LabelledSize.Width, options.LabelledSize.Height, store), weight));
        }

        var unlabelled = spec.Unlabelled is null
            ? null
            : new SampleSet(
                "unlabelled",
                await ManifestAsync(spec.Unlabelled, "spec.unlabelled", cancellationToken),
                labelled: false,
                options.UnlabelledSize.Width,
                options.UnlabelledSize.Height,
                store);
        return (labelled, unlabelled, classes!);

        void CheckMemory(ImageSize size, string field)
        {
            if ((long)options.BatchSize * size.Width * size.Height > settings.MaxBatchPixels)
            {
                throw SpecRules.Bad($"spec.options.{field}", $"A batch has more than {settings.MaxBatchPixels} pixels; use smaller images, or raise MaxBatchPixels.");
            }
        }
    }

    /// <summary>Trains.</summary>
    /// <param name="job">The job; hears how it goes.</param>
    /// <returns>What was stored.</returns>
    /// <exception cref="OperationCanceledException">The job was cancelled, or the service ends; its state is kept as a checkpoint.</exception>
    public async Task<TrainingResult> RunAsync(Job job)
    {
        var (spec, prefix, token) = (job.Spec, JobRecords.Prefix(job.Id), job.Cancellation);
        var checkpoints = new CheckpointStore(store, prefix);
        var (labelled, unlabelled, classes) = await OpenSetsAsync(spec, token);
        using var session = new Session(await NetworkAsync(spec, classes, token), spec.Options, labelled, unlabelled);
        var point = await checkpoints.FindAsync(token);
        var curves = point is null ? new Curves() : await RestoreAsync(checkpoints, point, session, token);
        var resumedFrom = session.Iteration;
        var start = time.GetTimestamp();
        double Seconds() => (resumedFrom == 0 ? 0 : point!.Seconds) + time.GetElapsedTime(start).TotalSeconds;

        job.Begin(session.Iteration, spec.Options.Iterations, curves);
        try
        {
            while (session.Iteration < spec.Options.Iterations)
            {
                curves.Add(session.Iteration + 1, await session.StepAsync(token));
                job.Step(session.Iteration);
                if (session.Iteration % spec.Options.CheckpointEvery == 0 && session.Iteration < spec.Options.Iterations)
                {
                    await TrySaveAsync(checkpoints, session, curves, Seconds(), token);
                }
            }

            return new TrainingResult
            {
                Weights = await store.PutAsync(
                    $"{prefix}/weights.safetensors", Safetensors.Write(session.Weights(), Metadata(spec, classes)), Safetensors.MediaType, token),
                Curves = await store.PutAsync($"{prefix}/curves.jsonl", curves.Write(), Curves.MediaType, token),
                SnapshotIteration = session.Iteration,
                Seconds = Seconds(),
                ResumedFrom = resumedFrom,
            };
        }
        catch (OperationCanceledException) when (session.Iteration > resumedFrom)
        {
            using var limit = new CancellationTokenSource(FarewellLimit, time);
            await TrySaveAsync(checkpoints, session, curves, Seconds(), limit.Token);
            throw;
        }
    }

    // What docs/formats.md wants to be said of a network, so that the file alone suffices.
    private static Dictionary<string, string> Metadata(TrainingSpec spec, ManifestClasses classes) => new()
    {
        ["format"] = "intrada.network/1",
        ["architecture"] = spec.Architecture,
        ["class_names"] = JsonSerializer.Serialize(classes.Names),
        ["palette"] = Convert.ToHexStringLower(classes.Palette ?? []),
        ["rare_train_ids"] = JsonSerializer.Serialize(classes.RareTrainIds ?? []),
        ["input_width"] = spec.Options.UnlabelledSize.Width.ToString(CultureInfo.InvariantCulture),
        ["input_height"] = spec.Options.UnlabelledSize.Height.ToString(CultureInfo.InvariantCulture),
    };

    private async Task<ManifestDocument> ManifestAsync(Artifact artifact, string field, CancellationToken cancellationToken)
    {
        var manifest = ManifestDocument.Parse(await store.ReadAsync(artifact, cancellationToken), field);
        return manifest.Items.Count > 0 ? manifest : throw SpecRules.Bad(field, $"'{manifest.Name}' has no images.");
    }

    private async Task<CompactNetwork> NetworkAsync(TrainingSpec spec, ManifestClasses classes, CancellationToken cancellationToken)
    {
        var network = new CompactNetwork(classes.Names.Count);
        try
        {
            network.Initialise(spec.Options.Seed);
            if (spec.InitialWeights is not null)
            {
                Load(network, Safetensors.Read(await store.ReadAsync(spec.InitialWeights, cancellationToken)).Tensors);
            }

            return network;
        }
        catch (InvalidDataException e)
        {
            network.Dispose();
            throw SpecRules.Bad("spec.initial_weights", $"The weights cannot be used: {e.Message}.");
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    // Classifiers may be missing, or be those of other classes: then they keep what was drawn for them.
    private static void Load(CompactNetwork network, IReadOnlyDictionary<string, (long[] Shape, byte[] Values)> weights)
    {
        if (weights.Keys.FirstOrDefault(name => network.Parameters.All(p => p.Name != name)) is { } unknown)
        {
            throw new InvalidDataException($"{unknown} is no part of {CompactNetwork.Architecture}");
        }

        foreach (var parameter in network.Parameters)
        {
            if (weights.TryGetValue(parameter.Name, out var given) && given.Shape.AsSpan().SequenceEqual(parameter.Value.shape))
            {
                Session.Fill(parameter.Value, given.Values);
            }
            else if (!parameter.IsHead)
            {
                throw new InvalidDataException($"{parameter.Name} is missing, or has another shape");
            }
        }
    }

    private async Task<Curves> RestoreAsync(CheckpointStore checkpoints, Checkpoint point, Session session, CancellationToken cancellationToken)
    {
        try
        {
            return await checkpoints.RestoreAsync(point, session, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or Refusal { Status: StatusCode.NotFound or StatusCode.DataLoss })
        {
            // From the beginning the job ends with the same weights, only later.
            logger.LogWarning("The checkpoint at iteration {Iteration} cannot be read, so the training begins anew: {Reason}", point.Iteration, e.Message);
            return new Curves();
        }
    }

    // A store that is out of reach costs a checkpoint, not the training.
    private async Task TrySaveAsync(CheckpointStore checkpoints, Session session, Curves curves, double seconds, CancellationToken cancellationToken)
    {
        try
        {
            await checkpoints.SaveAsync(session, curves, seconds, cancellationToken);
        }
        catch (Refusal e) when (e.Status == StatusCode.Unavailable)
        {
            logger.LogWarning("The checkpoint at iteration {Iteration} could not be stored; the former one counts: {Reason}", session.Iteration, e.Message);
        }
    }
}
