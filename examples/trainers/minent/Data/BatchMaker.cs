using static TorchSharp.torch;

namespace MinEntTrainer.Data;

/// <summary>Puts images together as the network takes them: BGR, the mean of ImageNet subtracted, scale 0 to 255 kept.</summary>
/// <param name="seed">The job's seed.</param>
/// <param name="size">Images in a batch.</param>
/// <param name="flip">Whether half of them are mirrored.</param>
/// <param name="photometric">Whether their look is changed.</param>
internal sealed class BatchMaker(ulong seed, int size, bool flip, bool photometric)
{
    private static readonly float[] MeanRgb = [122.67891434f, 116.66876762f, 104.00698793f];

    /// <summary>The batch of an iteration.</summary>
    /// <param name="set">Where from.</param>
    /// <param name="iteration">0-based.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Images <c>[N, 3, H, W]</c> and, where the set has them, train ids <c>[N, H, W]</c>; the caller owns both.</returns>
    public async Task<(Tensor Images, Tensor? Labels)> MakeAsync(SampleSet set, long iteration, CancellationToken cancellationToken)
    {
        var pixels = set.Width * set.Height;
        var images = new float[size * 3 * pixels];
        var labels = new long[size * pixels];
        var labelled = false;
        var random = Chance.Of(seed, $"look/{set.Role}", iteration);
        for (var n = 0; n < size; n++)
        {
            var sample = await set.TakeAsync(seed, (iteration * size) + n, cancellationToken);
            var mirrored = flip && random.NextDouble() < 0.5;
            var rgb = Array.ConvertAll(sample.Rgb, value => (float)value);
            if (photometric)
            {
                Augmentation.Apply(rgb, random);
            }

            for (var i = 0; i < pixels; i++)
            {
                var (y, x) = (i / set.Width, i % set.Width);
                var from = mirrored ? (y * set.Width) + set.Width - 1 - x : i;
                for (var c = 0; c < 3; c++)
                {
                    images[(((n * 3) + 2 - c) * pixels) + i] = rgb[(c * pixels) + from] - MeanRgb[c];
                }

                labels[(n * pixels) + i] = sample.TrainIds?[from] ?? 0;
            }

            labelled = sample.TrainIds is not null;
        }

        return (
            tensor(images, [size, 3, set.Height, set.Width]).DetachFromDisposeScope(),
            labelled ? tensor(labels, [size, set.Height, set.Width]).DetachFromDisposeScope() : null);
    }
}
