using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Cli.Studies;

/// <summary>One cell a trainer.</summary>
internal static class ComparePlan
{
    /// <summary>Plans a comparison.</summary>
    /// <param name="trainers">Selectors, NAME or NAME@RANGE, each once.</param>
    /// <param name="method">What steps one and two minimise.</param>
    /// <returns>The plan; without controls, which would say something of the method and nothing of the trainers.</returns>
    public static StudyPlan Of(IReadOnlyList<string> trainers, AdaptationMethod method)
    {
        var variants = trainers.Select((trainer, i) => new StudyVariant(
            NameOf(i), settings => settings with { Trainer = trainer, InterMethod = method, IntraMethod = method }));
        var rows = trainers.SelectMany((trainer, i) => new[]
        {
            Row(i, trainer, Networks.SourceOnly, "source-only"),
            Row(i, trainer, Networks.Inter, "inter"),
            Row(i, trainer, Networks.Intra, "intra"),
        });
        return new StudyPlan("compare", "Trainers", [.. variants], [.. rows], Controls: false);
    }

    private static StudyRow Row(int index, string trainer, string network, string label) => new(
        $"{NameOf(index)}-{label}", $"{trainer}: {label}", Paper: null, NameOf(index), network, Control: null);

    // Selectors hold characters that no folder should have.
    private static string NameOf(int index) => FormattableString.Invariant($"trainer-{index + 1}");
}
