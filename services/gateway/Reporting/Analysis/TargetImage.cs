namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>An unlabelled target image as the ranking saw it, beside what it could not see.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Score">Score it was ranked by; high = hard.</param>
/// <param name="Easy">Which part of the split it is in; null where nothing was ranked.</param>
/// <param name="Condition">Hidden attribute <c>condition</c>; null where not known.</param>
/// <param name="Hard">Hidden attribute <c>hard</c>; null where not known.</param>
public sealed record TargetImage(string Id, double Score, bool? Easy, string? Condition, bool? Hard);
