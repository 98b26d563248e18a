using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Gateway.Workflows.Specs;

/// <summary>The recipes, all in this place. docs/method.md says where the numbers come from.</summary>
internal static class Recipes
{
    private const int CompactPixels = 160 * 96;

    /// <summary>The recipe of an architecture; one that is not ours (another trainer's) is treated like "compact".</summary>
    public static Recipe For(string architecture) => architecture switch
    {
        "deeplabv2-resnet101" or "deeplabv2-resnet50" => Published(),
        _ => Compact(),
    };

    // Found on the synthetic pair at 160 x 96; group norm, from scratch. The classifiers learn slower than the rest: at the same
    // rate training is unstable. Photometric augmentation of the source closes most of the gap that step one is there to close.
    private static Recipe Compact() => new()
    {
        Source = CompactStage(AdaptationMethod.SourceOnly, iterations: 500, learningRate: 0.05),
        Inter = CompactStage(AdaptationMethod.Advent, iterations: 1000, learningRate: 0.05),
        Intra = CompactStage(AdaptationMethod.Advent, iterations: 400, learningRate: 0.0125),
        WeightsReplaceSource = false,
        Lambda = 0.67,
        IntraStart = IntraStart.Inter,
        InputPixels = CompactPixels,
    };

    private static TrainingOptions CompactStage(AdaptationMethod method, int iterations, double learningRate) => new()
    {
        Method = method,
        Iterations = iterations,
        ScheduleIterations = iterations,
        BatchSize = 4,
        LabelledSize = new ImageSize { Width = 160, Height = 96 },
        UnlabelledSize = new ImageSize { Width = 160, Height = 96 },
        LearningRate = learningRate,
        HeadLearningRateFactor = 0.15,
        Momentum = 0.9,
        WeightDecay = 5e-4,
        PolyPower = 0.9,
        DiscriminatorLearningRate = 2e-4,
        DiscriminatorWidth = 16,
        LambdaSegMain = 1,
        LambdaSegAux = 0.1,
        LambdaTargetMain = 0.006,
        LambdaTargetAux = 0.0012,
        Flip = true,
        PhotometricAugmentation = false,
        OptimizerMode = OptimizerMode.Clean,
        CheckpointEvery = 200,
    };

    // Vu et al. (CVPR 2019) and Pan et al. (CVPR 2020), as their code sets it. They start from ImageNet weights; without weights
    // 70,000 source iterations, the length of the step that they take their networks from, stand in for these.
    private static Recipe Published() => new()
    {
        Source = PublishedStage(AdaptationMethod.SourceOnly, iterations: 70_000),
        Inter = PublishedStage(AdaptationMethod.Advent, iterations: 120_000),
        Intra = PublishedIntra(),
        WeightsReplaceSource = true,
        Lambda = 0.67,
        IntraStart = IntraStart.Initial,
    };

    // Labelled are the easy target images, whose pseudo-labels have the size of the network's input.
    private static TrainingOptions PublishedIntra()
    {
        var options = PublishedStage(AdaptationMethod.Advent, iterations: 120_000);
        options.LabelledSize = options.UnlabelledSize.Clone();
        return options;
    }

    private static TrainingOptions PublishedStage(AdaptationMethod method, int iterations) => new()
    {
        Method = method,
        Iterations = iterations,
        ScheduleIterations = 250_000,
        BatchSize = 1,
        LabelledSize = new ImageSize { Width = 1280, Height = 720 },
        UnlabelledSize = new ImageSize { Width = 1024, Height = 512 },
        LearningRate = 2.5e-4,
        HeadLearningRateFactor = 10,
        Momentum = 0.9,
        WeightDecay = 5e-4,
        PolyPower = 0.9,
        DiscriminatorLearningRate = 1e-4,
        DiscriminatorWidth = 64,
        LambdaSegMain = 1,
        LambdaSegAux = 0.1,
        LambdaTargetMain = 0.001,
        LambdaTargetAux = 0.0002,
        Flip = false,
        PhotometricAugmentation = false,
        OptimizerMode = OptimizerMode.Clean,
        CheckpointEvery = 2000,
    };
}
