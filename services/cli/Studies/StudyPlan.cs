namespace IntraDA.Cli.Studies;

/// <summary>What a study measures.</summary>
/// <param name="Name">Name of the study, e.g. <c>sweep</c>.</param>
/// <param name="Title">Heading of its table.</param>
/// <param name="Variants">Settings of the second step; the first of them also measures each seed's controls, which the others share.</param>
/// <param name="Rows">The table's rows.</param>
/// <param name="Controls">Whether the first variant measures the controls of equal iterations.</param>
internal sealed record StudyPlan(
    string Name, string Title, IReadOnlyList<StudyVariant> Variants, IReadOnlyList<StudyRow> Rows, bool Controls = true)
{
    /// <summary>The variant whose cells measure the controls and the networks before the second step.</summary>
    public StudyVariant Reference => Variants[0];

    /// <summary>The plan without some variants, and without the rows that they measure.</summary>
    /// <param name="variants">What is left out; never all. Where the reference goes, the next variant takes its place.</param>
    /// <returns>The smaller plan.</returns>
    public StudyPlan Without(IReadOnlyCollection<StudyVariant> variants) => this with
    {
        Variants = [.. Variants.Except(variants)],
        Rows = [.. Rows.Where(row => variants.All(variant => variant.Name != row.Cell))],
    };
}
