using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Gateway.Services;

/// <summary>Tells progress from repetition: a step that is opened again passes what it had done before without a sign.</summary>
internal sealed class ProgressGate
{
    private long _furthest = -1;

    /// <summary>Says so where a step got further than any try before.</summary>
    public void Pass(Progress progress, Action onProgress)
    {
        if (progress.Done > _furthest)
        {
            _furthest = progress.Done;
            onProgress();
        }
    }
}
