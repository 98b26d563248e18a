using static TorchSharp.torch;

namespace IntraDA.Trainer.Adaptation;

/// <summary>Images with labels.</summary>
/// <param name="Images">Network input, <c>[N, 3, H, W]</c>.</param>
/// <param name="Labels">Train ids as int64, <c>[N, H, W]</c>; 255 = ignore.</param>
/// <param name="Weight">Factor on this batch's cross-entropy.</param>
/// <param name="AdversaryOnly">Whether the labels are left alone: only an adversary sees what the network makes of the images.</param>
public sealed record LabelledBatch(Tensor Images, Tensor Labels, double Weight = 1, bool AdversaryOnly = false);
