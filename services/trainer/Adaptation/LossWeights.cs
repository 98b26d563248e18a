namespace IntraDA.Trainer.Adaptation;

/// <summary>Weights of the terms of the segmentation network's loss.</summary>
/// <param name="SegMain">Main cross-entropy.</param>
/// <param name="SegAux">Auxiliary cross-entropy.</param>
/// <param name="TargetMain">Main adversarial or entropy term.</param>
/// <param name="TargetAux">Auxiliary adversarial or entropy term.</param>
public sealed record LossWeights(double SegMain, double SegAux, double TargetMain, double TargetAux)
{
    /// <summary>Whether the auxiliary classifier takes part at all.</summary>
    public bool UsesAux => SegAux > 0 || TargetAux > 0;
}
