namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>An image to segment.</summary>
/// <param name="Id">The id in the data set.</param>
/// <param name="Content">JPEG or PNG bytes.</param>
public sealed record GalleryImage(string Id, byte[] Content);
