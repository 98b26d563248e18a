using IntraDA.Data.Manifests;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Preprocessing;
using IntraDA.Learning.Randomness;
using IntraDA.Trainer.Adaptation;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Loading;

/// <summary>Assembles the batches of one set: order, flips and photometric augmentation are functions of seed and iteration.</summary>
/// <param name="samples">The set.</param>
/// <param name="settings">Seed, batch size and augmentation.</param>
/// <param name="placement">Precision and device of the batches.</param>
public sealed class BatchLoader(ISampleSet samples, BatchSettings settings, TensorPlacement placement)
{
    private readonly DataOrder _order = new(settings.Seed, samples.Role, samples.Count);

    /// <summary>Reads and decodes the images of an iteration. Nothing is computed with libtorch for those that were decoded before.</summary>
    /// <param name="iteration">0-based.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The images.</returns>
    public async Task<LoadedSet> LoadAsync(long iteration, CancellationToken cancellationToken)
    {
        var loaded = new Sample[settings.BatchSize];
        for (var i = 0; i < loaded.Length; i++)
        {
            loaded[i] = await samples.LoadAsync(_order[(iteration * settings.BatchSize) + i], cancellationToken).ConfigureAwait(false);
        }

        return new LoadedSet(iteration, loaded);
    }

    /// <summary>Makes the batch of an iteration. Its tensors belong to the caller's dispose scope.</summary>
    /// <param name="loaded">Its images.</param>
    /// <param name="weight">Factor on the cross-entropy.</param>
    /// <returns>Images <c>[N, 3, H, W]</c> and labels <c>[N, H, W]</c>; labels are all-ignored where the set has none.</returns>
    public LabelledBatch Assemble(LoadedSet loaded, double weight)
    {
        using var scope = NewDisposeScope();
        var random = new CounterRandom(settings.Seed, $"augment/{samples.Role}", loaded.Iteration);
        var images = new List<Tensor>(loaded.Samples.Count);
        var labels = new List<Tensor>(loaded.Samples.Count);
        foreach (var sample in loaded.Samples)
        {
            var (image, label) = Assemble(sample, random);
            images.Add(image);
            labels.Add(label);
        }

        var input = ImagePreprocessor.Normalize(stack(images), placement.Type, placement.Device);
        var target = stack(labels).to(ScalarType.Int64).to(placement.Device);
        return new LabelledBatch(input.MoveToOuterDisposeScope(), target.MoveToOuterDisposeScope(), weight);
    }

    private (Tensor Image, Tensor Label) Assemble(Sample sample, CounterRandom random)
    {
        var image = tensor(sample.Rgb, [3, samples.Height, samples.Width]);
        var label = sample.TrainIds is { } ids
            ? tensor(ids, [samples.Height, samples.Width])
            : full([samples.Height, samples.Width], ClassList.Ignore, ScalarType.Byte);
        if (settings.Flip && random.NextDouble() < 0.5)
        {
            image = image.flip(2);
            label = label.flip(1);
        }

        var pixels = image.to(ScalarType.Float32);
        return (settings.Photometric ? PhotometricAugmentation.Apply(pixels, random) : pixels, label);
    }
}
