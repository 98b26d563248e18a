namespace IntraDA.Benchmarks.Torch;

/// <summary>Floating-point operations of DeepLab-v2 on ResNet-101 as it is defined, whatever way they are computed.</summary>
internal static class DeepLabWork
{
    private static readonly (int Blocks, int Planes)[] Stages = [(3, 64), (4, 128), (23, 256), (3, 512)];

    /// <summary>A forward pass up to the logits of the main classifier; an addition and a multiplication are two.</summary>
    /// <param name="width">Width of the image.</param>
    /// <param name="height">Its height.</param>
    /// <param name="classes">Classes.</param>
    /// <returns>Operations.</returns>
    public static double Forward(int width, int height, int classes)
    {
        var half = Pixels(Halved(width), Halved(height));
        // Pooling rounds up, so a side of 512 leaves 129 and then 65.
        var (quarterWidth, quarterHeight) = ((Halved(width) / 2) + 1, (Halved(height) / 2) + 1);
        var eighth = Pixels(Halved(quarterWidth), Halved(quarterHeight));
        var sum = half * 7 * 7 * 3 * 64;
        var inputs = 64;
        for (var i = 0; i < Stages.Length; i++)
        {
            var (blocks, planes) = Stages[i];
            var pixels = i == 0 ? Pixels(quarterWidth, quarterHeight) : eighth;
            sum += pixels * inputs * planes * 4;
            for (var block = 0; block < blocks; block++)
            {
                sum += pixels * planes * ((block == 0 ? inputs : 4 * planes) + (9.0 * planes) + (4 * planes));
            }

            inputs = 4 * planes;
        }

        return 2 * (sum + (eighth * inputs * classes * 9 * 4));
    }

    private static double Pixels(int width, int height) => (double)width * height;

    private static int Halved(int side) => (side + 1) / 2;
}
