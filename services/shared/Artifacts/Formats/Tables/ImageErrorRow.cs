namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>How well one image was segmented.</summary>
/// <param name="Id">Id of the image in its data set.</param>
/// <param name="Score">Its ranking score.</param>
/// <param name="Error">Share of labelled pixels predicted wrong, 0..1.</param>
/// <param name="Miou">Mean IoU over the classes that occur in it, 0..1.</param>
public readonly record struct ImageErrorRow(string Id, double Score, double Error, double Miou);
