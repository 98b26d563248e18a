namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>A validation image under the inter network.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Score">Entropy score; high = uncertain.</param>
/// <param name="Error">Share of wrong pixels, 0..1.</param>
/// <param name="Miou">Mean IoU of the image, 0..1; NaN where it has no labelled pixel.</param>
/// <param name="Condition">Attribute <c>condition</c>; null where not known.</param>
public sealed record ValidationImage(string Id, double Score, double Error, double Miou, string? Condition);
