using TrainerV1 = IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Gateway.Trainers;

/// <summary>What a job needs of a trainer.</summary>
/// <param name="Selector">Empty, NAME or NAME@RANGE; checked when the workflow was created.</param>
/// <param name="Architecture">The network.</param>
/// <param name="Method">What is minimised.</param>
internal sealed record TrainerWish(string Selector, string Architecture, TrainerV1.AdaptationMethod Method)
{
    /// <summary>Whether a trainer is wanted and able.</summary>
    public bool Matches(TrainerV1.GetServiceInfoResponse trainer) =>
        TrainerSelector.TryParse(Selector, out var selector)
        && selector.Matches(trainer.Service)
        && trainer.Architectures.Any(a => a.Name == Architecture)
        && trainer.Methods.Contains(Method);
}
