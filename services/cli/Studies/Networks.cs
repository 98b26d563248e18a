namespace IntraDA.Cli.Studies;

/// <summary>Names of the networks of a workflow, as in <c>report.json</c>.</summary>
internal static class Networks
{
    /// <summary>Trained on the source alone.</summary>
    public const string SourceOnly = "source_only";

    /// <summary>After step one.</summary>
    public const string Inter = "inter";

    /// <summary>After step two.</summary>
    public const string Intra = "intra";

    /// <summary>Control of step one: the source alone for as long.</summary>
    public const string SourceContinued = "source_continued";

    /// <summary>Control of step two: step one for as much longer.</summary>
    public const string InterContinued = "inter_continued";
}
