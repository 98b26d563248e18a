using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Manifests;
using IntraDA.Trainer.Adaptation;

namespace IntraDA.Trainer.Training;

/// <summary>A training specification with every default filled in and every manifest read.</summary>
public sealed record TrainingPlan
{
    /// <summary>Name of the architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Label space.</summary>
    public required ClassList Classes { get; init; }

    /// <summary>What is minimised.</summary>
    public required AdaptationMethod Method { get; init; }

    /// <summary>Weights to start from; null: random ones.</summary>
    public Artifact? InitialWeights { get; init; }

    /// <summary>Labelled sets with their weights; the first is the adversary's source side.</summary>
    public required IReadOnlyList<PlannedSet> Labelled { get; init; }

    /// <summary>The unlabelled set.</summary>
    public DatasetManifest? Unlabelled { get; init; }

    /// <summary>Set on which the best snapshot is chosen; null: the last one is taken.</summary>
    public DatasetManifest? BestOn { get; init; }

    /// <summary>With <see cref="BestOn"/>: iterations between comparisons.</summary>
    public int EvaluateEvery { get; init; }

    /// <summary>Iterations.</summary>
    public required int Iterations { get; init; }

    /// <summary>Length of the learning-rate schedule.</summary>
    public required int ScheduleIterations { get; init; }

    /// <summary>Images per set and iteration.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Size of labelled images, pixels.</summary>
    public required (int Width, int Height) LabelledSize { get; init; }

    /// <summary>Size of unlabelled images, and of the trained network's input, pixels.</summary>
    public required (int Width, int Height) UnlabelledSize { get; init; }

    /// <summary>Learning rate of the backbone.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Factor on it for the classifiers.</summary>
    public required double HeadRateFactor { get; init; }

    /// <summary>SGD momentum.</summary>
    public required double Momentum { get; init; }

    /// <summary>SGD weight decay.</summary>
    public required double WeightDecay { get; init; }

    /// <summary>Power of the schedule.</summary>
    public required double PolyPower { get; init; }

    /// <summary>Learning rate of the discriminators.</summary>
    public required double DiscriminatorRate { get; init; }

    /// <summary>Channels of the discriminators' first layer.</summary>
    public required int DiscriminatorWidth { get; init; }

    /// <summary>Weights of the loss terms.</summary>
    public required LossWeights Weights { get; init; }

    /// <summary>Whether half of the images are mirrored.</summary>
    public required bool Flip { get; init; }

    /// <summary>Whether appearance is augmented.</summary>
    public required bool Photometric { get; init; }

    /// <summary>Whether parameters are stepped as often as the published code does.</summary>
    public required bool PublishedUpdates { get; init; }

    /// <summary>Seed of everything random.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Iterations between resumable checkpoints.</summary>
    public required int CheckpointEvery { get; init; }
}
