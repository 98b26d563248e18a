namespace IntraDA.Data.Layouts;

/// <summary>How far a scan is.</summary>
/// <param name="Done">Images hashed.</param>
/// <param name="Total">Images in all.</param>
public readonly record struct ScanProgress(int Done, int Total);
