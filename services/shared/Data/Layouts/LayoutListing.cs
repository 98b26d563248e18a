using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>What a layout finds in a folder, before any image is opened.</summary>
/// <param name="Classes">Label space.</param>
/// <param name="Labels">How label files are read, should any entry have one.</param>
/// <param name="Entries">The images, in a fixed order.</param>
public sealed record LayoutListing(ClassList Classes, LabelEncoding Labels, IReadOnlyList<LayoutEntry> Entries)
{
    /// <summary>
    /// Raw value of a user's own labels that counts nowhere: any other value without a class is then taken for a mistake. Null where
    /// values without a class are ignored, as those of the published sets are meant to be.
    /// </summary>
    public int? IgnoredRawId { get; init; }
}
