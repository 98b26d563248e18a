using System.Security.Cryptography;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Files;

/// <summary>
/// Reads the files of a data set, from its directory or from the store, and verifies size and SHA-256 each time: what a workflow
/// computes is cached under the digests of the manifest, so other bytes must never pass for them. Safe for concurrent use.
/// </summary>
/// <param name="store">Holds the files of manifests without a root.</param>
/// <param name="limits">Largest file and image.</param>
/// <param name="cache">Keeps what came from the store on a local disk; null: nothing is kept.</param>
public sealed class DatasetFileReader(IArtifactStore store, ImageLimits limits, FileCache? cache = null)
{
    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="manifest">The data set.</param>
    /// <param name="file">A file of it.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <returns>Exactly the bytes that the manifest names.</returns>
    /// <exception cref="DatasetException">The file is missing, has changed, is too large, or its path leaves the root.</exception>
    /// <exception cref="ArtifactStoreException">The store failed, or holds other bytes.</exception>
    public async Task<byte[]> ReadAsync(DatasetManifest manifest, DatasetFile file, CancellationToken cancellationToken)
    {
        if (file.SizeBytes > limits.MaxBytes)
        {
            throw new DatasetException($"The file '{file.Path}' of the data set '{manifest.Name}' has {file.SizeBytes} bytes, "
                + $"the limit is {limits.MaxBytes}.");
        }

        return manifest.Root is { } root && !file.InStore
            ? await ReadFileAsync(manifest, root, file, cancellationToken)
            : await ReadArtifactAsync(file, cancellationToken);
    }

    /// <summary>Reads and decodes the image of an item.</summary>
    /// <param name="manifest">The data set.</param>
    /// <param name="item">An item of it.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <returns>The image.</returns>
    /// <exception cref="DatasetException">See <see cref="ReadAsync"/>.</exception>
    /// <exception cref="BadImageException">The file is not a usable image.</exception>
    public async Task<RgbImage> ReadImageAsync(DatasetManifest manifest, DatasetItem item, CancellationToken cancellationToken)
    {
        var encoded = await ReadAsync(manifest, item.Image, cancellationToken);
        return ImageDecoder.Decode(encoded, item.Image.Path, limits);
    }

    /// <summary>Reads the label map of an item.</summary>
    /// <param name="manifest">The data set.</param>
    /// <param name="item">A labelled item of it.</param>
    /// <param name="image">The item's image, whose size the label must have where <see cref="LabelEncoding.SizesMayDiffer"/> is not set.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <returns>The label map in the file's own size: whoever wants another one resizes once.</returns>
    /// <exception cref="DatasetException">The item has no label, or one of another size than its image where that may not be.</exception>
    /// <exception cref="BadImageException">The file is not a usable label file.</exception>
    public async Task<LabelMap> ReadLabelAsync(DatasetManifest manifest, DatasetItem item, RgbImage image, CancellationToken cancellationToken)
    {
        if (item.Label is not { } file)
        {
            throw new DatasetException($"'{item.Id}' of the data set '{manifest.Name}' has no label; use a labelled data set "
                + "here.");
        }

        var encoded = await ReadAsync(manifest, file, cancellationToken);
        var label = LabelMapReader.Read(encoded, manifest.Labels, manifest.Classes.Names.Count, file.Path, limits);
        return manifest.Labels is { SizesMayDiffer: true } || (label.Width == image.Width && label.Height == image.Height)
            ? label
            : throw new DatasetException($"The label '{file.Path}' has {label.Width}x{label.Height} pixels, its image "
                + $"'{item.Image.Path}' has {image.Width}x{image.Height}: make them the same size.");
    }

    private static async Task<byte[]> ReadFileAsync(
        DatasetManifest manifest,
        string root,
        DatasetFile file,
        CancellationToken cancellationToken)
    {
        var path = RootedPath.Resolve(root, file.Path);
        try
        {
            var length = new FileInfo(path).Length;
            if (length != file.SizeBytes)
            {
                throw Changed($"it has {length} bytes, not {file.SizeBytes}");
            }

            // The length is bounded above; a file that grows between the two calls must not get past that bound.
            await using var stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
            var bytes = GC.AllocateUninitializedArray<byte>((int)file.SizeBytes);
            var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return read == bytes.Length && Convert.ToHexStringLower(SHA256.HashData(bytes)) == file.Sha256
                ? bytes
                : throw Changed("its SHA-256 is another");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException($"The file '{file.Path}' of the data set '{manifest.Name}' is missing below '{root}': "
                + "put it back or register the data set again.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"The file '{file.Path}' of the data set '{manifest.Name}' cannot be read below "
                + $"'{root}': check its permissions and the disk.", exception);
        }

        DatasetException Changed(string what) =>
            new($"The file '{file.Path}' of the data set '{manifest.Name}' changed after it was registered ({what}): put it "
                + "back or register the data set again.");
    }

    private async Task<byte[]> ReadArtifactAsync(DatasetFile file, CancellationToken cancellationToken)
    {
        if (cache is not null && await cache.FindAsync(file.Sha256, file.SizeBytes, cancellationToken) is { } kept)
        {
            return kept;
        }

        using var stream = new MemoryStream((int)file.SizeBytes);
        var artifact = new Artifact { Key = file.Path, Sha256 = file.Sha256, SizeBytes = file.SizeBytes };
        await store.CopyToAsync(artifact, stream, cancellationToken);
        var bytes = stream.Capacity == stream.Length ? stream.GetBuffer() : stream.ToArray();
        if (cache is not null)
        {
            await cache.KeepAsync(file.Sha256, bytes, cancellationToken);
        }

        return bytes;
    }
}
