using System.Globalization;
using IntraDA.Artifacts.Formats.PyTorch.Pickle;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>
/// Writes a state dict as <c>torch.load(..., weights_only=True)</c> reads it: the zip form with an OrderedDict of tensors. Equal tensors
/// in the same order give equal bytes.
/// </summary>
public static class PyTorchWriter
{
    // What torch.save calls the folder where it does not know the file's name.
    private const string Folder = "archive/";

    // Room for the directory and the headers of the largest number of entries.
    private const long Overhead = 1L << 24;

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Receives it from its current position; need not be seekable.</param>
    /// <param name="tensors">The tensors, with distinct names, in the order of the state dict.</param>
    /// <param name="cancellationToken">Cancels; the stream then holds a part.</param>
    /// <returns>A task that ends with the last byte written.</returns>
    /// <exception cref="ArtifactFormatException">
    /// A name occurs twice, a tensor wrote another number of bytes than it has, or they are more than 65 000 or take more than 4 GiB.
    /// </exception>
    public static async Task WriteAsync(Stream stream, IEnumerable<SafetensorsEntry> tensors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        List<SafetensorsEntry> entries = [.. tensors];
        Require(entries);
        var zip = new StoredZipWriter(stream);
        var pickle = PickleWriter.Write(entries);
        await AddAsync("data.pkl", (content, token) => content.WriteAsync(pickle, token)).ConfigureAwait(false);
        await AddAsync("byteorder", (content, token) => content.WriteAsync("little"u8.ToArray(), token)).ConfigureAwait(false);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var name = string.Create(CultureInfo.InvariantCulture, $"data/{i}");
            await AddAsync(name, (content, token) => WriteAsync(entry, content, token)).ConfigureAwait(false);
        }

        await AddAsync("version", (content, token) => content.WriteAsync("3\n"u8.ToArray(), token)).ConfigureAwait(false);
        await zip.FinishAsync(cancellationToken).ConfigureAwait(false);

        Task AddAsync(string name, Func<Stream, CancellationToken, ValueTask> write) =>
            zip.AddAsync(Folder + name, write, cancellationToken);
    }

    private static void Require(List<SafetensorsEntry> tensors)
    {
        if (tensors.CountBy(tensor => tensor.Name, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1) is { Key: { } twice })
        {
            throw new ArtifactFormatException($"The tensor name '{twice}' is taken; names in a state dict are unique.");
        }

        if (tensors.Count > StoredZipWriter.MaxEntries - 3)
        {
            throw new ArtifactFormatException($"{tensors.Count} tensors are too many for a .pth file here: write safetensors.");
        }

        if (tensors.Aggregate(Overhead, (sum, tensor) => sum > StoredZipWriter.MaxBytes ? sum : sum + tensor.Length) > StoredZipWriter.MaxBytes)
        {
            throw new ArtifactFormatException("The tensors take more than 4 GiB, too much for a .pth file here: write safetensors.");
        }
    }

    private static async ValueTask WriteAsync(SafetensorsEntry tensor, Stream stream, CancellationToken cancellationToken)
    {
        var counted = new CountingWriteStream(stream);
        await using (counted.ConfigureAwait(false))
        {
            await tensor.Write(counted, cancellationToken).ConfigureAwait(false);
        }

        if (counted.Count != tensor.Length)
        {
            throw new ArtifactFormatException($"Tensor '{tensor.Name}' has {tensor.Length} bytes, and {counted.Count} were written.");
        }
    }
}
