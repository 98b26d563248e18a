using IntraDA.Gateway.Reporting.Analysis;

namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>One image of the gallery, as seen by the eye, by the truth and by the networks.</summary>
/// <param name="Group">Where in the ranking it stands.</param>
/// <param name="Rank">Its place by score, from 1, the easiest.</param>
/// <param name="Image">Its figures under the inter network.</param>
/// <param name="Photo">The image.</param>
/// <param name="Truth">Its label map.</param>
/// <param name="Inter">The inter network's prediction; null where there is none.</param>
/// <param name="Entropy">The inter network's entropy map; null where there is none.</param>
/// <param name="Intra">The intra network's prediction; null where there is none.</param>
public sealed record GalleryRow(
    GalleryGroup Group, int Rank, ValidationImage Image, Picture Photo, Picture? Truth, Picture? Inter, Picture? Entropy, Picture? Intra);
