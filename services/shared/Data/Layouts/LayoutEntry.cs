namespace IntraDA.Data.Layouts;

/// <summary>An image that a layout lists.</summary>
/// <param name="Id">Unique, as the layout's lists write it.</param>
/// <param name="Image">Path of the image relative to the folder.</param>
/// <param name="Label">Path of the label relative to the folder; null without a label.</param>
/// <param name="Attributes">Facts that no training may use.</param>
public sealed record LayoutEntry(string Id, string Image, string? Label, IReadOnlyDictionary<string, string> Attributes);
