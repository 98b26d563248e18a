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

    /// <summary>The batch of an iteration. The caller owns its tensors.</summary>
    /// <param name="iteration">0-based.</param>
    /// <param name="weight">Factor on the cross-entropy.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Images <c>[N, 3, H, W]</c> and labels <c>[N, H, W]</c>; labels are all-ignored where the set has none.</returns>
    public async Task<LabelledBatch> LoadAsync(long iteration, double weight, CancellationToken cancellationToken)
    {
        var loaded = new Sample[settings.BatchSize];
        for (var i = 0; i < loaded.Length; i++)
        {
            loaded[i] = await samples.LoadAsync(_order[(iteration * settings.BatchSize) + i], cancellationToken).ConfigureAwait(false);
        }

        using var scope = NewDisposeScope();
        var random = new CounterRandom(settings.Seed, $"augment/{samples.Role}", iteration);
        var images = new List<Tensor>(loaded.Length);
        var labels = new List<Tensor>(loaded.Length);
        foreach (var sample in loaded)
        {
            var (image, label) = Assemble(sample, random);
            images.Add(image);
            labels.Add(label);
        }

        var input = ImagePreprocessor.Normalize(stack(images), placement.Type, placement.Device);
        var target = stack(labels).to(ScalarType.Int64).to(placement.Device);
        return new LabelledBatch(input.DetachFromDisposeScope(), target.DetachFromDisposeScope(), weight);
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
