namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>The gallery.</summary>
/// <param name="Rows">Its images, the easiest first; empty where there is none to show.</param>
/// <param name="Problem">Why images or predictions are missing; null where none is.</param>
public sealed record GalleryResult(IReadOnlyList<GalleryRow> Rows, string? Problem)
{
    /// <summary>No gallery.</summary>
    public static GalleryResult None { get; } = new([], Problem: null);
}
