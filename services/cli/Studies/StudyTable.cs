using System.Globalization;
using IntraDA.Cli.Adapt;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using Spectre.Console;

namespace IntraDA.Cli.Studies;

/// <summary>A study as a table for people; mIoU in percent.</summary>
internal static class StudyTable
{
    private const string Nothing = "-";

    /// <summary>The columns.</summary>
    public static IReadOnlyList<string> Headers { get; } =
        ["setting", "paper", "measured", "control", "over control", "ahead", "over inter", "each seed"];

    /// <summary>A row's texts.</summary>
    /// <param name="row">The row.</param>
    /// <returns>One text a column.</returns>
    public static IReadOnlyList<string> Cells(RowResult row) =>
    [
        row.IntraSkipped ? row.Row.Label + " (no step two)" : row.Row.Label,
        row.Row.Paper?.ToString("0.0", CultureInfo.InvariantCulture) ?? Nothing,
        Of(row.Values.Statistics, "0.00"),
        row.Control is null ? Nothing : Of(row.Control.Statistics, "0.00"),
        row.OverControl is null ? Nothing : Of(row.OverControl.Statistics, "+0.00;-0.00;0.00"),
        row.OverControl is null ? Nothing : FormattableString.Invariant($"{row.OverControl.Positive}/{row.OverControl.BySeed.Count}"),
        row.OverInter is null ? Nothing : Of(row.OverInter.Statistics, "+0.00;-0.00;0.00"),
        row.Values.BySeed.Count == 0
            ? Nothing
            : string.Join(" / ", row.Values.BySeed.Values.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture))),
    ];

    /// <summary>The table for a terminal.</summary>
    /// <param name="result">The study.</param>
    /// <returns>The table.</returns>
    public static Table Build(StudyResult result)
    {
        var table = new Table().RoundedBorder().AddColumn(Headers[0]);
        foreach (var header in Headers.Skip(1))
        {
            table.AddColumn(new TableColumn(header).RightAligned());
        }

        foreach (var row in result.Rows)
        {
            table.AddRow(Cells(row).Select(text => new Text(text)));
        }

        return table;
    }

    /// <summary>What a reader must know of the table.</summary>
    /// <param name="result">The study.</param>
    /// <param name="data">Its data.</param>
    /// <returns>One sentence each.</returns>
    public static IEnumerable<string> Notes(StudyResult result, StudyData data)
    {
        yield return "mIoU in percent; mean ± standard deviation (n - 1) over training seeds; differences are paired by seed.";
        yield return "Paper: GTA5 to Cityscapes with DeepLab-v2 ResNet-101, another task and network than measured here.";
        yield return "Controls of equal iterations: for inter the source alone trained for as long, for the rows below it step one trained on for as long as step two.";
        yield return FormattableString.Invariant($"Training seeds {string.Join(", ", result.Seeds)}; ") + Data(data);
        if (result.Cells.Count > 0 && result.Cells[0].Workflow.Spec is { SourceOptions: not null, InterOptions: not null, IntraOptions: not null } spec)
        {
            yield return Recipe(spec);
        }

        foreach (var twins in SameTraining(result))
        {
            yield return twins;
        }

        yield return result.Reuse.Sentence;
        if (!result.Complete)
        {
            yield return FormattableString.Invariant(
                $"Not complete: {result.Cells.Count} of {result.Seeds.Count * result.Plan.Variants.Count} cells are finished.");
        }
    }

    // Two rows of equal figures look like a finding; that they are one training must be said.
    private static IEnumerable<string> SameTraining(StudyResult result) => result.Cells
        .SelectMany(cell => cell.Stages.Where(stage => stage.Kind == StageKind.Intra && stage.Key.Length > 0).Select(stage => (cell, stage.Key)))
        .GroupBy(pair => (pair.cell.Seed, pair.Key), pair => pair.cell.Name)
        .Where(group => group.Count() > 1)
        .Select(group => FormattableString.Invariant(
            $"Seed {group.Key.Seed}: {string.Join(" and ", group)} came to the same split, so their step two is one and the same training."));

    private static string Data(StudyData data)
    {
        var images = FormattableString.Invariant(
            $"{data.Sets["source"].Images} source, {data.Sets["target"].Images} target and {data.Sets["validation"].Images} validation images");
        return data.DataSeed is { } seed ? FormattableString.Invariant($"synthetic pair of data seed {seed}: {images}.") : $"{images}.";
    }

    // What a reader needs to run the same again and would not guess from the rows.
    private static string Recipe(WorkflowSpec spec)
    {
        TrainingOptions[] stages = [spec.SourceOptions, spec.InterOptions, spec.IntraOptions];
        var rates = stages.Select(stage => stage.LearningRate.ToString(CultureInfo.InvariantCulture));
        var augmented = stages.Count(stage => stage.PhotometricAugmentation) switch
        {
            0 => "no photometric augmentation",
            var count when count == stages.Length => "photometric augmentation throughout",
            _ => "photometric augmentation in some stages",
        };
        var labels = Choices.PseudoLabels.FirstOrDefault(choice => choice.Value == spec.PseudoLabels?.Policy).Key ?? "argmax";
        return FormattableString.Invariant(
            $"{spec.Architecture}: {stages[0].Iterations} source, {stages[1].Iterations} inter and {stages[2].Iterations} intra iterations at learning rates ")
            + $"{string.Join(", ", rates)}; {augmented}; pseudo-labels {labels}, except where a row says otherwise.";
    }

    private static string Of(SampleStatistics statistics, string format)
    {
        if (statistics.Mean is not { } mean)
        {
            return Nothing;
        }

        var text = mean.ToString(format, CultureInfo.InvariantCulture);
        return statistics.StandardDeviation is { } deviation
            ? $"{text} ± {deviation.ToString("0.00", CultureInfo.InvariantCulture)}"
            : text;
    }
}
