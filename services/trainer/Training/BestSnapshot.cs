using IntraDA.Artifacts.Formats;

namespace IntraDA.Trainer.Training;

/// <summary>The snapshot with the best mIoU so far.</summary>
/// <param name="Iteration">Iterations it was trained for.</param>
/// <param name="Miou">Its mIoU, 0..1.</param>
/// <param name="Weights">Its weights.</param>
public sealed record BestSnapshot(int Iteration, double Miou, StoredArtifact Weights);
