namespace IntraDA.Cli.Studies;

/// <summary>A row of a study's table before it is measured.</summary>
/// <param name="Key">Name for machines.</param>
/// <param name="Label">Name for people.</param>
/// <param name="Paper">The published mIoU in percent, GTA5 to Cityscapes; null where there is none.</param>
/// <param name="Cell">Name of the cell that measures it; null: the one that measures the controls.</param>
/// <param name="Network">The network in that cell, one of <see cref="Networks"/>.</param>
/// <param name="Control">The network of equal iterations that it is compared with, one of <see cref="Networks"/>; null for none.</param>
/// <param name="Lambda">Share of easy images; null where the row has none.</param>
internal sealed record StudyRow(
    string Key, string Label, double? Paper, string? Cell, string Network, string? Control, double? Lambda = null)
{
    /// <summary>The two rows with which every study begins.</summary>
    public static IReadOnlyList<StudyRow> Baselines { get; } =
    [
        new("source-only", "source-only", PaperTables.SourceOnly, Cell: null, Networks.SourceOnly, Control: null),
        new("inter", "inter (AdvEnt)", PaperTables.AdvEnt, Cell: null, Networks.Inter, Networks.SourceContinued),
    ];

    /// <summary>A row of the second step.</summary>
    /// <param name="cell">Its cell; gives the row its key.</param>
    /// <param name="label">Name for people.</param>
    /// <param name="paper">The published mIoU.</param>
    /// <param name="lambda">Share of easy images.</param>
    /// <returns>The row.</returns>
    public static StudyRow Intra(string cell, string label, double? paper, double lambda) =>
        new(cell, label, paper, cell, Networks.Intra, Networks.InterContinued, lambda);
}
