namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// The tiles that cover a map. A dilated convolution is an ordinary one on each of the d x d grids of pixels that lie d apart, so the tiles of a
/// dilated convolution are those of its grids.
/// </summary>
internal static class WinogradTiles
{
    /// <summary>Covers a map.</summary>
    /// <param name="width">Width, pixels.</param>
    /// <param name="height">Height, pixels.</param>
    /// <param name="dilation">Spacing of the kernel's taps.</param>
    /// <returns>The upper left pixel of each tile; its other pixels follow at the distance of the dilation.</returns>
    public static (int X, int Y)[] Cover(int width, int height, int dilation)
    {
        var tiles = new List<(int, int)>();
        var step = WinogradTransforms.Tile * dilation;
        for (var row = 0; row < dilation; row++)
        {
            for (var y = row; y < height; y += step)
            {
                for (var column = 0; column < dilation; column++)
                {
                    for (var x = column; x < width; x += step)
                    {
                        tiles.Add((x, y));
                    }
                }
            }
        }

        return [.. tiles];
    }
}
