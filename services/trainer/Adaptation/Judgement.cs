using static TorchSharp.torch;

namespace IntraDA.Trainer.Adaptation;

/// <summary>What a discriminator says of target maps.</summary>
/// <param name="Map">The maps, cut off from the segmentation network: a leaf that gradients can be asked for.</param>
/// <param name="Logits">Domain logits with their graph.</param>
public readonly record struct Judgement(Tensor Map, Tensor Logits);
