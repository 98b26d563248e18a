using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>What a layout finds in a folder, before any image is opened.</summary>
/// <param name="Classes">Label space.</param>
/// <param name="Labels">How label files are read, should any entry have one.</param>
/// <param name="Entries">The images, in a fixed order.</param>
public sealed record LayoutListing(ClassList Classes, LabelEncoding Labels, IReadOnlyList<LayoutEntry> Entries);
