using System.Collections.Concurrent;
using MinEntTrainer.Service;
using MinEntTrainer.Store;

namespace MinEntTrainer.Data;

/// <summary>The images of a data set at the size of the training. Where labels are not wanted, no label file is opened.</summary>
/// <param name="role">Tells the set's random order from those of other sets.</param>
/// <param name="manifest">The data set.</param>
/// <param name="labelled">Whether labels are read.</param>
/// <param name="width">Width, pixels.</param>
/// <param name="height">Height, pixels.</param>
/// <param name="store">Holds files of sets without a folder.</param>
internal sealed class SampleSet(string role, ManifestDocument manifest, bool labelled, int width, int height, IStore store)
{
    private const long MostKeptBytes = 512L << 20;
    private const byte Ignore = 255;

    private readonly ConcurrentDictionary<int, Sample> _kept = new();
    private (long Epoch, int[] Order) _epoch = (-1, []);

    /// <summary>Tells the set from others.</summary>
    public string Role => role;

    /// <summary>Width, pixels.</summary>
    public int Width => width;

    /// <summary>Height, pixels.</summary>
    public int Height => height;

    /// <summary>The image at a position of the endless order: one permutation after the other, each from seed and epoch.</summary>
    /// <param name="seed">The job's seed.</param>
    /// <param name="position">At least 0.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The image.</returns>
    /// <exception cref="Refusal">A file is not there, not what it was, or cannot be used.</exception>
    public async Task<Sample> TakeAsync(ulong seed, long position, CancellationToken cancellationToken)
    {
        var epoch = position / manifest.Items.Count;
        if (_epoch.Epoch != epoch)
        {
            var order = Enumerable.Range(0, manifest.Items.Count).ToArray();
            Chance.Of(seed, $"order/{role}", epoch).Shuffle(order);
            _epoch = (epoch, order);
        }

        var index = _epoch.Order[position % manifest.Items.Count];
        if (_kept.TryGetValue(index, out var kept))
        {
            return kept;
        }

        var sample = await ReadAsync(manifest.Items[index], cancellationToken);
        // The first that fit are kept: a sweep in ever new orders has no better choice.
        if ((_kept.Count + 1L) * 4 * width * height <= MostKeptBytes)
        {
            _kept[index] = sample;
        }

        return sample;
    }

    private async Task<Sample> ReadAsync(ManifestItem item, CancellationToken cancellationToken)
    {
        var (rgb, imageWidth, imageHeight) = Photo.Read(await BytesAsync(item.Image, cancellationToken), width, height, item.Id);
        return new Sample(rgb, labelled ? await TrainIdsAsync(item, imageWidth, imageHeight, cancellationToken) : null);
    }

    private async Task<byte[]> TrainIdsAsync(ManifestItem item, int imageWidth, int imageHeight, CancellationToken cancellationToken)
    {
        var labels = manifest.Labels;
        var (mapWidth, mapHeight, values) = LabelPng.Read(await BytesAsync(item.Label!, cancellationToken), labels?.Channel ?? 0, item.Id);
        if (labels is not { SizesMayDiffer: true } && (mapWidth, mapHeight) != (imageWidth, imageHeight))
        {
            throw SpecRules.Bad("dataset", $"The label map of '{item.Id}' has {mapWidth}x{mapHeight} pixels, its image {imageWidth}x{imageHeight}: make them the same size.");
        }

        var ids = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                ids[(y * width) + x] = TrainId(values[(Nearest(y, height, mapHeight) * mapWidth) + Nearest(x, width, mapWidth)]);
            }
        }

        return ids;

        byte TrainId(int raw)
        {
            var id = labels?.TrainIds is { } map ? map.GetValueOrDefault(raw, Ignore) : raw;
            return id >= 0 && id < manifest.Classes.Names.Count ? (byte)id : Ignore;
        }
    }

    // The centre of a pixel, as image libraries scale with nearest neighbour.
    private static int Nearest(int at, int length, int from) => Math.Min((int)((at + 0.5) * from / length), from - 1);

    private async Task<byte[]> BytesAsync(ManifestFile file, CancellationToken cancellationToken)
    {
        if (manifest.Root is null || file.InStore)
        {
            return await store.ReadAsync(new() { Key = file.Path, Sha256 = file.Sha256, SizeBytes = file.SizeBytes }, cancellationToken);
        }

        var root = Path.GetFullPath(manifest.Root);
        var path = Path.GetFullPath(Path.Combine(root, file.Path));
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(path))
        {
            throw SpecRules.Bad("dataset", $"'{file.Path}' of '{manifest.Name}' is not below '{root}'; put it back, or register the data set again.");
        }

        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        return StoreReads.Digest(bytes) == file.Sha256
            ? bytes
            : throw SpecRules.Bad("dataset", $"'{file.Path}' of '{manifest.Name}' has changed; put it back, or register the data set again.");
    }
}
