using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Learning.Inference;

namespace IntraDA.Segmenter.Engines;

/// <summary>An engine that is freed when it has left the cache and its last user is done.</summary>
/// <param name="checkpoint">Where its weights came from.</param>
/// <param name="engine">The engine; owned.</param>
internal sealed class LoadedEngine(Artifact checkpoint, SegmentationEngine engine)
{
    private readonly Lock _lock = new();
    private int _users = 1;

    public Artifact Checkpoint { get; } = checkpoint;

    public SegmentationEngine Engine { get; } = engine;

    /// <summary>Position in the order of use; the cache keeps it.</summary>
    public long LastUse { get; set; }

    /// <summary>Takes a share; false where the engine has been freed already.</summary>
    public bool TryAcquire()
    {
        lock (_lock)
        {
            if (_users == 0)
            {
                return false;
            }

            _users++;
            return true;
        }
    }

    /// <summary>Gives a share back; the cache's own is the last.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (--_users == 0)
            {
                Engine.Dispose();
            }
        }
    }
}
