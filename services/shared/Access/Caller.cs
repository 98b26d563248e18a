namespace IntraDA.Access;

/// <summary>Who calls, as its credential says.</summary>
/// <param name="Id">The credential's id, which is no secret.</param>
/// <param name="Role">What it may do.</param>
public sealed record Caller(string Id, CallerRole Role);
