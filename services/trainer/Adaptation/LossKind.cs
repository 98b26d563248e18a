namespace IntraDA.Trainer.Adaptation;

/// <summary>The terms that training minimises.</summary>
public enum LossKind
{
    /// <summary>Cross-entropy of the main classifier on the first labelled set.</summary>
    SegMain,

    /// <summary>Cross-entropy of the auxiliary classifier on the first labelled set.</summary>
    SegAux,

    /// <summary>Cross-entropy of the main classifier on the second labelled set (the source kept beside pseudo-labels).</summary>
    SegKeptMain,

    /// <summary>Cross-entropy of the auxiliary classifier on the second labelled set.</summary>
    SegKeptAux,

    /// <summary>How well the main self-information maps of the target pass for source maps.</summary>
    AdvMain,

    /// <summary>The same for the auxiliary classifier.</summary>
    AdvAux,

    /// <summary>Half of the main discriminator's loss on source maps.</summary>
    DMainSource,

    /// <summary>Half of the main discriminator's loss on target maps (the half that the published code logs).</summary>
    DMainTarget,

    /// <summary>Half of the auxiliary discriminator's loss on source maps.</summary>
    DAuxSource,

    /// <summary>Half of the auxiliary discriminator's loss on target maps.</summary>
    DAuxTarget,

    /// <summary>Mean entropy of the main classifier on the target.</summary>
    EntMain,

    /// <summary>Mean entropy of the auxiliary classifier on the target.</summary>
    EntAux,
}
