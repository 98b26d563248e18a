using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using IntraDA.Artifacts.Formats.PyTorch.Pickle;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>
/// The form before PyTorch 1.6: pickles of a magic number, a protocol version, the writer's machine, the value and the keys of its
/// storages, then each storage as its number of elements (int64) and the elements, little-endian always.
/// </summary>
internal static class LegacyCheckpoint
{
    private const long Version = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", CultureInfo.InvariantCulture);

    public static CheckpointContent Read(Stream stream)
    {
        var tensors = new TensorBuilder();
        if (!Magic.Equals(First(stream, tensors)))
        {
            throw new ArtifactFormatException(
                "The file is a Python pickle that torch.save did not write: save model.state_dict() with torch.save.");
        }

        if (Next(stream, tensors) is not Version)
        {
            throw new ArtifactFormatException($"The checkpoint is of an unknown version of the legacy form; only {Version} was ever written.");
        }

        if (Next(stream, tensors) is not PickleDictionary)
        {
            throw new ArtifactFormatException("The checkpoint is damaged: the description of the machine that wrote it is missing.");
        }

        var root = Next(stream, tensors);
        if (Next(stream, tensors) is not PickleList { IsSet: false } keys)
        {
            throw new ArtifactFormatException("The checkpoint is damaged: its list of storages is missing.");
        }

        return new CheckpointContent(root, Locate(stream, keys, tensors.Storages), BigEndian: false);
    }

    // Whatever does not begin like another form comes here; a pickle that asks for something to be run is named as such all the same.
    private static object? First(Stream stream, TensorBuilder tensors)
    {
        try
        {
            return Next(stream, tensors);
        }
        catch (ArtifactFormatException e) when (e is not ForbiddenGlobalException)
        {
            throw new ArtifactFormatException("The file is no PyTorch checkpoint, neither in the zip form nor in the legacy one.", e);
        }
    }

    private static object? Next(Stream stream, TensorBuilder tensors)
    {
        var source = new PickleSource(stream, Math.Min(stream.Length - stream.Position, PickleLimits.Bytes));
        var value = RestrictedUnpickler.Load(source, tensors);
        stream.Position = source.Position;
        return value;
    }

    private static Dictionary<string, StoredBytes> Locate(
        Stream stream, PickleList keys, IReadOnlyDictionary<string, PickledStorage> storages)
    {
        var located = new Dictionary<string, StoredBytes>(StringComparer.Ordinal);
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        foreach (var item in keys.Items)
        {
            if (item is not string key || !storages.TryGetValue(key, out var storage))
            {
                throw new ArtifactFormatException("The checkpoint is damaged: it has a storage that no tensor uses.");
            }

            if (stream.Length - stream.Position < prefix.Length)
            {
                throw Truncated(located.Count, storages.Count);
            }

            stream.ReadExactly(prefix);
            var count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
            if (count != storage.Count)
            {
                throw new ArtifactFormatException($"The checkpoint is damaged: a storage of {storage.Count} elements is announced with {count}.");
            }

            if (storage.Length > stream.Length - stream.Position)
            {
                throw Truncated(located.Count, storages.Count);
            }

            if (!located.TryAdd(key, new StoredBytes(stream.Position, storage.Length, Crc: null)))
            {
                throw new ArtifactFormatException("The checkpoint is damaged: a storage occurs twice.");
            }

            stream.Position += storage.Length;
        }

        return located.Count == storages.Count
            ? located
            : throw new ArtifactFormatException($"The checkpoint is damaged: {storages.Count - located.Count} storages of its tensors are missing.");
    }

    private static ArtifactFormatException Truncated(int complete, int all) =>
        new($"The checkpoint is truncated: {complete} of its {all} storages are complete.");
}
