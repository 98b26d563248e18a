namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>An encoded picture that the report carries inside itself.</summary>
/// <param name="MediaType">"image/jpeg" or "image/png".</param>
/// <param name="Content">Encoded bytes.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
public sealed record Picture(string MediaType, byte[] Content, int Width, int Height)
{
    /// <summary>The picture as a data: URL.</summary>
    public string Url => $"data:{MediaType};base64,{Convert.ToBase64String(Content)}";
}
