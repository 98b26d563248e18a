using System.Buffers;
using IntraDA.Artifacts.Formats.PyTorch.Pickle;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>
/// Reads the tensors of a state dict that <c>torch.save</c> wrote, in the zip form or the one before it, and runs nothing of what the
/// file may ask for: its pickle is read by a machine that knows tensors and plain values only.
/// </summary>
/// <remarks>
/// Opening reads the list of tensors; their bytes are read when asked for, one tensor in memory at a time. Not for concurrent use:
/// reading moves the stream.
/// </remarks>
public sealed class PyTorchReader
{
    private const int ChunkBytes = 1 << 20;
    private const int HeadBytes = 16;

    private readonly Stream _stream;
    private readonly CheckpointContent _content;
    private readonly HashSet<string> _verified = new(StringComparer.Ordinal);

    private PyTorchReader(
        Stream stream, CheckpointContent content, IReadOnlyList<PyTorchTensor> tensors, IReadOnlyList<string> others, string prefix)
    {
        _stream = stream;
        _content = content;
        Tensors = tensors;
        Others = others;
        Prefix = prefix;
    }

    /// <summary>The tensors in the order of the state dict, with distinct names.</summary>
    public IReadOnlyList<PyTorchTensor> Tensors { get; }

    /// <summary>Keys of the state dict that hold no tensor, or are no text.</summary>
    public IReadOnlyList<string> Others { get; }

    /// <summary>What was taken off the names; empty: nothing.</summary>
    public string Prefix { get; }

    /// <summary>Whether a file begins like a checkpoint of either form, as opposed to a safetensors file.</summary>
    /// <param name="head">Its first bytes, 16 or more where it has them.</param>
    /// <returns>True for zip archives and pickles, of whatever content.</returns>
    public static bool IsCheckpoint(ReadOnlySpan<byte> head) =>
        !SafetensorsHeader.Begins(head) && (head.StartsWith("PK\x03\x04"u8) || (head.Length > 1 && head[0] == 0x80 && head[1] <= 5));

    /// <summary>Reads a checkpoint's list of tensors and checks that each lies within the file.</summary>
    /// <param name="stream">Seekable, from position 0 on the file. Stays the caller's to dispose, after the reader's use.</param>
    /// <param name="options">How tensors are named; null: the defaults.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="ForbiddenGlobalException">The file names a class or function that tensors do not need.</exception>
    /// <exception cref="ArtifactFormatException">The file is no checkpoint, truncated, damaged or without state dict; the message says which.</exception>
    public static PyTorchReader Open(Stream stream, PyTorchReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
        {
            throw new ArgumentException("A checkpoint is read from a seekable stream.", nameof(stream));
        }

        stream.Position = 0;
        Span<byte> head = stackalloc byte[HeadBytes];
        head = head[..stream.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)];
        Recognise(head);
        stream.Position = 0;
        var content = head.StartsWith("PK"u8) ? ZipCheckpoint.Read(stream) : LegacyCheckpoint.Read(stream);
        var dictionary = StateDict.Find(content.Root);
        var found = dictionary.Items.Where(item => item is { Key: string, Value: PickledTensor }).ToList();
        if (found.Count == 0)
        {
            throw new ArtifactFormatException("The file holds no tensor under a name: save model.state_dict() with torch.save.");
        }

        foreach (var name in found.Select(item => (string)item.Key!))
        {
            if (name.Length == 0)
            {
                throw new ArtifactFormatException("The checkpoint is refused: a tensor has no name.");
            }

            if (!VisibleText.Is(name))
            {
                throw new ArtifactFormatException($"The checkpoint is refused: the tensor name '{VisibleText.Of(name)}' has control characters.");
            }
        }

        var (prefix, names) = TensorNames.Strip([.. found.Select(item => (string)item.Key!)], options?.Prefix);
        List<PyTorchTensor> tensors = [.. found.Zip(names, (item, name) => Named(name, (PickledTensor)item.Value!))];
        RequireSize(tensors, stream.Length);
        return new PyTorchReader(stream, content, tensors, Others(dictionary), prefix);

        static IReadOnlyList<string> Others(PickleDictionary dictionary) =>
            [.. dictionary.Items
                .Where(item => item is not { Key: string, Value: PickledTensor })
                .Select(item => StateDict.Shown(item.Key))];
    }

    /// <summary>Reads a tensor's elements: little-endian, row-major.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">Exactly <see cref="PyTorchTensor.Length"/> bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the bytes read.</returns>
    /// <exception cref="ArtifactFormatException">The storage's check sum does not fit, or the file has become shorter.</exception>
    public async ValueTask ReadAsync(PyTorchTensor tensor, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (destination.Length != tensor.Length)
        {
            throw new ArgumentException($"Tensor '{tensor.Name}' has {tensor.Length} bytes, the destination {destination.Length}.", nameof(destination));
        }

        if (destination.Length == 0)
        {
            return;
        }

        var source = tensor.Source;
        await VerifyAsync(tensor, cancellationToken).ConfigureAwait(false);
        if (source.IsContiguous)
        {
            await ReadAtAsync(tensor, 0, destination, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var extent = source.Extent * source.Storage.Element.Size;
            var between = new byte[Addressable(tensor, extent)];
            await ReadAtAsync(tensor, 0, between, cancellationToken).ConfigureAwait(false);
            TensorGather.Copy(source, between, destination.Span);
        }

        ToLittleEndian(source, destination.Span);
    }

    /// <summary>Copies a tensor's elements to a stream: little-endian, row-major. Contiguous ones of any size pass in small pieces.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">Receives <see cref="PyTorchTensor.Length"/> bytes.</param>
    /// <param name="cancellationToken">Cancels; the destination then holds a part.</param>
    /// <returns>A task that ends with the last byte written.</returns>
    /// <exception cref="ArtifactFormatException">The storage's check sum does not fit, or the file has become shorter.</exception>
    public async ValueTask CopyToAsync(PyTorchTensor tensor, Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(destination);
        if (!tensor.Source.IsContiguous)
        {
            var bytes = new byte[Addressable(tensor, tensor.Length)];
            await ReadAsync(tensor, bytes, cancellationToken).ConfigureAwait(false);
            await destination.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            return;
        }

        await VerifyAsync(tensor, cancellationToken).ConfigureAwait(false);
        var chunk = new byte[(int)Math.Min(ChunkBytes, tensor.Length)];
        for (var done = 0L; done < tensor.Length; done += chunk.Length)
        {
            var part = chunk.AsMemory(0, (int)Math.Min(chunk.Length, tensor.Length - done));
            await ReadAtAsync(tensor, done, part, cancellationToken).ConfigureAwait(false);
            ToLittleEndian(tensor.Source, part.Span);
            await destination.WriteAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Recognise(ReadOnlySpan<byte> head)
    {
        if (head.Length == 0)
        {
            throw new ArtifactFormatException("The file is empty.");
        }

        if (SafetensorsHeader.Begins(head))
        {
            throw new ArtifactFormatException("The file is a safetensors file, not a PyTorch checkpoint: it needs no unpickling, open it as such.");
        }
    }

    private static PyTorchTensor Named(string name, PickledTensor tensor) => tensor.Storage.Element.DataType is { } type
        ? new PyTorchTensor(name, type, tensor)
        : throw new ArtifactFormatException(
            $"Tensor '{name}' is of type {tensor.Storage.Element.Name}, which is not supported: convert it before saving.");

    private static void RequireSize(List<PyTorchTensor> tensors, long fileLength)
    {
        var limit = Math.Min(PickleLimits.TensorBytes, PickleLimits.ExpandedBytes + (Math.Min(fileLength, PickleLimits.TensorBytes) * PickleLimits.Expansion));
        var total = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor.Length > limit - total)
            {
                throw new ArtifactFormatException(
                    $"The checkpoint is refused: up to tensor '{tensor.Name}' its tensors take more than {limit >> 20} MiB, of {fileLength} bytes in the file.");
            }

            total += tensor.Length;
        }
    }

    private static int Addressable(PyTorchTensor tensor, long bytes) => bytes <= Array.MaxLength
        ? (int)bytes
        : throw new ArtifactFormatException($"Tensor '{tensor.Name}' is spread over {bytes} bytes; save it contiguous.");

    private void ToLittleEndian(PickledTensor tensor, Span<byte> bytes)
    {
        if (_content.BigEndian)
        {
            TensorGather.Reverse(bytes, tensor.Storage.Element.Size);
        }
    }

    private async ValueTask ReadAtAsync(PyTorchTensor tensor, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var storage = tensor.Source.Storage;
        _stream.Position = _content.Storages[storage.Key].Start + (tensor.Source.Offset * storage.Element.Size) + offset;
        try
        {
            await _stream.ReadExactlyAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (EndOfStreamException e)
        {
            throw new ArtifactFormatException($"The checkpoint is truncated: it ends within tensor '{tensor.Name}'.", e);
        }
    }

    // Once a storage, however many tensors share it.
    private async ValueTask VerifyAsync(PyTorchTensor tensor, CancellationToken cancellationToken)
    {
        var key = tensor.Source.Storage.Key;
        if (_content.Storages[key] is not { Crc: { } expected } place || _verified.Contains(key))
        {
            return;
        }

        var crc = default(Crc32);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            _stream.Position = place.Start;
            for (var left = place.Length; left > 0;)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, left));
                var read = await _stream.ReadAsync(part, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                crc.Append(buffer.AsSpan(0, read));
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (crc.Value != expected)
        {
            throw new ArtifactFormatException($"The checkpoint is damaged: the check sum of tensor '{tensor.Name}' does not fit its bytes.");
        }

        _verified.Add(key);
    }
}
