namespace IntraDA.Cli.Studies;

/// <summary>The table of a study from the cells that are finished.</summary>
/// <param name="plan">What is measured.</param>
/// <param name="seeds">All training seeds of the study.</param>
/// <param name="cells">The finished cells.</param>
internal sealed class StudyResult(StudyPlan plan, IReadOnlyList<ulong> seeds, IReadOnlyList<CellResult> cells)
{
    /// <summary>What was measured.</summary>
    public StudyPlan Plan => plan;

    /// <summary>All training seeds.</summary>
    public IReadOnlyList<ulong> Seeds => seeds;

    /// <summary>The finished cells.</summary>
    public IReadOnlyList<CellResult> Cells => cells;

    /// <summary>Whether every cell is finished.</summary>
    public bool Complete => cells.Count == seeds.Count * plan.Variants.Count;

    /// <summary>The rows, as far as they are measured.</summary>
    public IReadOnlyList<RowResult> Rows { get; } = [.. plan.Rows.Select(row => Measure(row, plan.Reference.Name, cells))];

    /// <summary>How many stages the cells shared.</summary>
    public StudyReuse Reuse { get; } = StudyReuse.Of(cells);

    private static RowResult Measure(StudyRow row, string reference, IReadOnlyList<CellResult> cells)
    {
        var own = cells.Where(cell => cell.Name == (row.Cell ?? reference)).ToList();
        var controls = cells.Where(cell => cell.Name == reference).ToList();
        // Without easy images, or without hard ones to align with, there is no second step and step one's network is the result.
        // It had no iterations more, so a control of equal iterations does not exist.
        var skipped = row.Network == Networks.Intra && own.Any(cell => !cell.Miou.ContainsKey(Networks.Intra));
        var values = Values(own, skipped ? Networks.Inter : row.Network);
        var control = row.Control is null || skipped ? null : Values(controls, row.Control);
        return new RowResult(
            row,
            values,
            control,
            control is null ? null : values.Minus(control),
            row.Network == Networks.Intra ? values.Minus(Values(own, Networks.Inter)) : null,
            skipped);
    }

    private static SeedValues Values(IEnumerable<CellResult> cells, string network) => new(
        cells.Where(cell => cell.Miou.ContainsKey(network)).Select(cell => KeyValuePair.Create(cell.Seed, cell.Miou[network])));
}
