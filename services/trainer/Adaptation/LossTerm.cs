namespace IntraDA.Trainer.Adaptation;

/// <summary>One unweighted term of an iteration's loss.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Value">Its value, averaged over pixels or patches.</param>
public readonly record struct LossTerm(LossKind Kind, double Value);
