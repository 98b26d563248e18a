namespace MinEntTrainer.Data;

/// <summary>An image. Its attributes are for reports, and are not even read here.</summary>
/// <param name="Id">Unique in the set.</param>
/// <param name="Image">The image's file.</param>
/// <param name="Label">The label map's file; null where there is none.</param>
internal sealed record ManifestItem(string Id, ManifestFile Image, ManifestFile? Label);
