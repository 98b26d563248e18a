using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Gateway.Workflows.Specs;

/// <summary>Chooses a network's input size by the shape of the data.</summary>
internal static class InputShape
{
    private const int Multiple = 8;
    private const int Least = 16;

    /// <summary>About so many pixels in the shape of an image, both sides multiples of 8 and 16 at least.</summary>
    public static ImageSize Fit(int imageWidth, int imageHeight, int pixels)
    {
        var aspect = (double)imageWidth / imageHeight;
        return new ImageSize { Width = Round(Math.Sqrt(pixels * aspect)), Height = Round(Math.Sqrt(pixels / aspect)) };
    }

    private static int Round(double side) =>
        Math.Clamp((int)Math.Round(side / Multiple, MidpointRounding.AwayFromZero) * Multiple, Least, 8192);
}
