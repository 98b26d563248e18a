using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Ensemble.Tests.World;

/// <summary>Synthetic sets and a workflow that take seconds.</summary>
internal static class TinyStreets
{
    public const int Width = 96;
    public const int Height = 64;
    public const int TargetImages = 16;
    public const int ValidationImages = 8;

    /// <summary>Draws the three sets with the command of the client.</summary>
    public static async Task WriteAsync(Cli cli, string directory)
    {
        await DrawAsync("source", "game", first: 0, count: 16);
        await DrawAsync("target", "camera", first: 0, TargetImages);
        await DrawAsync("validation", "camera", first: 1000, ValidationImages);

        async Task DrawAsync(string role, string domain, int first, int count) =>
            (await cli.RunAsync(
                "data", "generate", "--out", Path.Combine(directory, role), "--domain", domain, "--first-index", $"{first}",
                "--count", $"{count}", "--width", $"{Width}", "--height", $"{Height}", "--hard-share", "0.5", "--json")).Succeeded();
    }

    /// <summary>A workflow of few iterations with all stages.</summary>
    public static WorkflowSpec Spec(ulong seed = 1) => new()
    {
        Title = "tiny",
        Source = "source",
        Target = "target",
        Validation = "validation",
        Seed = seed,
        SourceOptions = Options(AdaptationMethod.SourceOnly, 4),
        InterOptions = Options(AdaptationMethod.Advent, 4),
        IntraOptions = Options(AdaptationMethod.Advent, 3),
    };

    private static TrainingOptions Options(AdaptationMethod method, int iterations) => new()
    {
        Method = method,
        Iterations = iterations,
        BatchSize = 2,
        LabelledSize = new ImageSize { Width = Width, Height = Height },
        UnlabelledSize = new ImageSize { Width = Width, Height = Height },
    };
}
