using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Brings samples to pixels: colours by averaging, labels by majority.</summary>
internal static class Resolve
{
    public static ColourImage Colours(Vector3[] samples, int width, int height, int side)
    {
        var image = new ColourImage(width, height);
        var columns = width * side;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var sum = Vector3.Zero;
                for (var i = 0; i < side * side; i++)
                {
                    // Clamped before averaging: a lamp must not bleach a whole pixel it only touches.
                    sum += Vector3.Min(samples[(((y * side) + (i / side)) * columns) + (x * side) + (i % side)], Vector3.One);
                }

                image.Pixels[(y * width) + x] = sum / (side * side);
            }
        }

        return image;
    }

    /// <summary>The commonest train id of a pixel's samples; the nearest object wins a tie, so that a pole of one pixel's width stays.</summary>
    public static byte[] Labels(GBuffer buffer, int side)
    {
        int width = buffer.Columns / side, height = buffer.Rows / side;
        var labels = new byte[width * height];
        Span<int> votes = stackalloc int[StreetClasses.Names.Count];
        Span<float> nearest = stackalloc float[StreetClasses.Names.Count];
        for (var pixel = 0; pixel < labels.Length; pixel++)
        {
            votes.Clear();
            nearest.Clear();
            var best = 0;
            for (var i = 0; i < side * side; i++)
            {
                var at = ((((pixel / width) * side) + (i / side)) * buffer.Columns) + (pixel % width * side) + (i % side);
                var id = buffer.TrainIds[at];
                votes[id]++;
                nearest[id] = MathF.Max(nearest[id], buffer.LabelNearness[at]);
                best = id;
            }

            for (var id = 0; id < votes.Length; id++)
            {
                if (votes[id] > votes[best] || (votes[id] == votes[best] && nearest[id] > nearest[best]))
                {
                    best = id;
                }
            }

            labels[pixel] = (byte)best;
        }

        return labels;
    }
}
