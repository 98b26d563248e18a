namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>What the ranking did with the images of one hidden condition.</summary>
/// <param name="Condition">Its name, e.g. "night".</param>
/// <param name="Images">Target images of it.</param>
/// <param name="InHardSplit">How many of them are in the hard split; null where nothing was ranked.</param>
/// <param name="Auc">Chance that one of them scores above an easy image; null for an easy condition.</param>
public sealed record ConditionResult(string Condition, int Images, int? InHardSplit, double? Auc)
{
    /// <summary>Share of the condition's images that are in the hard split, 0..1; null where nothing was ranked.</summary>
    public double? HardShare => InHardSplit is { } hard && Images > 0 ? (double)hard / Images : null;
}
