using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Inference;
using IntraDA.Learning.Networks;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Engines;

/// <summary>
/// Loads networks on first use and keeps the ones in use lately. A name moves to a new network in one step: calls that began with
/// the old one end with it, later ones get the new one.
/// </summary>
/// <param name="store">Holds checkpoints.</param>
/// <param name="placement">Precision and device.</param>
/// <param name="options">Settings.</param>
public sealed class EngineCache(IArtifactStore store, TensorPlacement placement, IOptions<SegmenterOptions> options) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly Dictionary<string, LoadedEngine> _byDigest = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, LoadedEngine> _byName = new(StringComparer.Ordinal);
    private long _uses;

    /// <summary>Leases the engine that a selector names; a checkpoint is loaded on first use.</summary>
    /// <param name="selector">The selector.</param>
    /// <param name="field">Field of the request, for errors.</param>
    /// <param name="cancellationToken">Cancels the loading.</param>
    /// <returns>The lease.</returns>
    /// <exception cref="ServiceException">INVALID_ARGUMENT or NOT_FOUND.</exception>
    public async Task<EngineLease> LeaseAsync(ModelSelector? selector, string field, CancellationToken cancellationToken)
    {
        switch (selector?.SelectorCase)
        {
            case ModelSelector.SelectorOneofCase.Name:
                return FindByName(selector.Name) ?? throw ServiceException.NotFound("model", selector.Name);
            case ModelSelector.SelectorOneofCase.Checkpoint:
                return await LeaseAsync(selector.Checkpoint, $"{field}.checkpoint", cancellationToken).ConfigureAwait(false);
            default:
                throw ServiceException.InvalidArgument(field, "Name a loaded model or a checkpoint.");
        }
    }

    /// <summary>Loads a checkpoint and gives it a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="cancellationToken">Cancels the loading.</param>
    /// <returns>The loaded network.</returns>
    public async Task<Model> LoadAsync(string name, Artifact checkpoint, CancellationToken cancellationToken)
    {
        using var lease = await LeaseAsync(checkpoint, "checkpoint", cancellationToken).ConfigureAwait(false);
        LoadedEngine? former;
        // Not looked up again: the cache may have let it go already, and a reference by key alone has no digest.
        var loaded = lease.Loaded;
        lock (_lock)
        {
            if (!loaded.TryAcquire())
            {
                throw new InvalidOperationException("A leased engine cannot have been freed.");
            }

            _byName.TryGetValue(name, out former);
            _byName[name] = loaded;
        }

        former?.Release();
        return Describe(name, loaded);
    }

    /// <summary>Forgets a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>False where there is no such name.</returns>
    public bool Unload(string name)
    {
        LoadedEngine? former;
        lock (_lock)
        {
            if (!_byName.Remove(name, out former))
            {
                return false;
            }
        }

        former.Release();
        return true;
    }

    /// <summary>Networks in memory: the named ones, then those loaded by checkpoint alone.</summary>
    /// <returns>The networks.</returns>
    public IReadOnlyList<Model> List()
    {
        lock (_lock)
        {
            return
            [
                .. _byName.Select(n => Describe(n.Key, n.Value)),
                .. _byDigest.Values.Where(e => !_byName.ContainsValue(e)).OrderBy(e => e.Checkpoint.Key, StringComparer.Ordinal)
                    .Select(e => Describe("", e)),
            ];
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        List<LoadedEngine> all;
        lock (_lock)
        {
            all = [.. _byDigest.Values, .. _byName.Values];
            _byDigest.Clear();
            _byName.Clear();
        }

        all.ForEach(e => e.Release());
        _loading.Dispose();
    }

    private static Model Describe(string name, LoadedEngine loaded) => new()
    {
        Name = name,
        Checkpoint = loaded.Checkpoint,
        Architecture = loaded.Engine.Description.Architecture,
        Classes = Data.Manifests.ManifestMessages.ToProto(loaded.Engine.Description.Classes),
        InputSize = new ImageSize { Width = loaded.Engine.Description.InputWidth, Height = loaded.Engine.Description.InputHeight },
    };

    private EngineLease? FindByName(string name)
    {
        lock (_lock)
        {
            return _byName.TryGetValue(name, out var loaded) && loaded.TryAcquire() ? new EngineLease(loaded) : null;
        }
    }

    private EngineLease? FindByDigest(string digest)
    {
        lock (_lock)
        {
            if (!_byDigest.TryGetValue(digest, out var loaded) || !loaded.TryAcquire())
            {
                return null;
            }

            loaded.LastUse = ++_uses;
            return new EngineLease(loaded);
        }
    }

    private async Task<EngineLease> LeaseAsync(Artifact checkpoint, string field, CancellationToken cancellationToken)
    {
        if (checkpoint is { Sha256: "", SizeBytes: 0 } && ArtifactKey.IsValid(checkpoint.Key))
        {
            checkpoint = await store.DescribeAsync(checkpoint.Key, SafetensorsReader.MediaType, cancellationToken).ConfigureAwait(false);
        }

        var check = new RequestValidator();
        check.RequireArtifact(checkpoint, field);
        check.ThrowIfAny();
        if (FindByDigest(checkpoint.Sha256) is { } present)
        {
            return present;
        }

        // One load at a time: two calls for the same checkpoint share it, and memory peaks once.
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (FindByDigest(checkpoint.Sha256) is { } loadedMeanwhile)
            {
                return loadedMeanwhile;
            }

            var (network, description) = await InputFields
                .NameAsync(field, NetworkCheckpoint.LoadAsync(store, checkpoint, placement, cancellationToken)).ConfigureAwait(false);
            if ((long)description.InputWidth * description.InputHeight > options.Value.MaxInputPixels)
            {
                network.Dispose();
                throw ServiceException.InvalidArgument(
                    field,
                    $"The network's input of {description.InputWidth}x{description.InputHeight} has more than {options.Value.MaxInputPixels} pixels; raise Segmenter:MaxInputPixels where there is memory for it.");
            }

            Keep(new LoadedEngine(checkpoint, new SegmentationEngine(network, description, options: new EngineOptions(options.Value.EnginePrecision))));
            return FindByDigest(checkpoint.Sha256)!;
        }
        finally
        {
            _loading.Release();
        }
    }

    private void Keep(LoadedEngine loaded)
    {
        var evicted = new List<LoadedEngine>();
        lock (_lock)
        {
            _byDigest[loaded.Checkpoint.Sha256] = loaded;
            loaded.LastUse = ++_uses;
            foreach (var old in _byDigest.Values.OrderByDescending(e => e.LastUse).Skip(options.Value.CachedEngines).ToList())
            {
                _byDigest.Remove(old.Checkpoint.Sha256);
                evicted.Add(old);
            }
        }

        evicted.ForEach(e => e.Release());
    }
}
