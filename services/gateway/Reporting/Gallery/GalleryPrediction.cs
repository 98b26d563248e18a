namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>What a network says of an image of the gallery.</summary>
/// <param name="Id">The id in the data set.</param>
/// <param name="LabelMap">8-bit greyscale PNG [H, W] of train ids; empty where the image was refused.</param>
/// <param name="EntropyMap">8-bit greyscale PNG [H, W], 255 * normalised entropy; empty where the image was refused.</param>
/// <param name="Error">Why there is no prediction; null where there is one.</param>
public sealed record GalleryPrediction(string Id, byte[] LabelMap, byte[] EntropyMap, string? Error);
