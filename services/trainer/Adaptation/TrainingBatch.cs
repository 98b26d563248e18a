using static TorchSharp.torch;

namespace IntraDA.Trainer.Adaptation;

/// <summary>All that one iteration sees.</summary>
/// <param name="Labelled">One batch per labelled set; the first is the adversary's source side.</param>
/// <param name="Unlabelled">Network input of the unlabelled set, <c>[N, 3, H, W]</c>; null for source-only training.</param>
public sealed record TrainingBatch(IReadOnlyList<LabelledBatch> Labelled, Tensor? Unlabelled);
