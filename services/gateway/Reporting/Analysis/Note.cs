namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>A sentence that a reader needs to judge the figures.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="IsCaution">Whether it takes something away from a figure.</param>
public sealed record Note(string Text, bool IsCaution);
