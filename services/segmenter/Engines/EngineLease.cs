using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Learning.Inference;

namespace IntraDA.Segmenter.Engines;

/// <summary>The right to use an engine until the lease is disposed.</summary>
public sealed class EngineLease : IDisposable
{
    private LoadedEngine? _loaded;

    internal EngineLease(LoadedEngine loaded) => _loaded = loaded;

    /// <summary>The engine.</summary>
    public SegmentationEngine Engine => Loaded.Engine;

    /// <summary>Where its weights came from.</summary>
    public Artifact Checkpoint => Loaded.Checkpoint;

    internal LoadedEngine Loaded => _loaded ?? throw new ObjectDisposedException(nameof(EngineLease));

    /// <inheritdoc />
    public void Dispose() => Interlocked.Exchange(ref _loaded, null)?.Release();
}
