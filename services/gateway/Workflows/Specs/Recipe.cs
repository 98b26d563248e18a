using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Gateway.Workflows.Specs;

/// <summary>What a workflow does where its spec says nothing.</summary>
internal sealed record Recipe
{
    /// <summary>Source stage; its iterations apply where there are no initial weights.</summary>
    public required TrainingOptions Source { get; init; }

    /// <summary>Whether the source stage is left out where initial weights are given.</summary>
    public required bool WeightsReplaceSource { get; init; }

    /// <summary>Inter stage.</summary>
    public required TrainingOptions Inter { get; init; }

    /// <summary>Intra stage.</summary>
    public required TrainingOptions Intra { get; init; }

    /// <summary>Share of images called easy.</summary>
    public required double Lambda { get; init; }

    /// <summary>What the second step starts from.</summary>
    public required IntraStart IntraStart { get; init; }

    /// <summary>Pixels of the network's input, whose shape then follows the first source image; null: the sizes above hold.</summary>
    public int? InputPixels { get; init; }
}
