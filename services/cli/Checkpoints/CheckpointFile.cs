using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Checkpoints;

/// <summary>An open file of weights, in PyTorch's form or as safetensors.</summary>
internal sealed class CheckpointFile : IAsyncDisposable
{
    // A safetensors file begins with the length of its header, 8 bytes, and the header with a brace.
    private const int HeadBytes = 9;

    private readonly FileStream _stream;

    private CheckpointFile(FileStream stream, IReadOnlyList<SafetensorsEntry> tensors)
    {
        _stream = stream;
        Tensors = tensors;
    }

    /// <summary>The tensors, in the file's order; writers fetch their bytes while the file is open.</summary>
    public IReadOnlyList<SafetensorsEntry> Tensors { get; private init; }

    /// <summary>Metadata of a safetensors file; empty for others.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private init; } = new Dictionary<string, string>();

    /// <summary>What was taken off the names; empty: nothing.</summary>
    public string Prefix { get; private init; } = "";

    /// <summary>Keys of a state dict that hold no tensor.</summary>
    public IReadOnlyList<string> Others { get; private init; } = [];

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="prefix">First dotted part to take off the names; null: known ones; empty: none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The file; the caller disposes it.</returns>
    /// <exception cref="CliException">There is no such file.</exception>
    public static async Task<CheckpointFile> OpenAsync(string path, string? prefix, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new CliException(Directory.Exists(path) ? $"{path} is a folder; name the file" : $"there is no file {path}");
        }

        var stream = await OpenStreamAsync(path, cancellationToken);
        try
        {
            if (!stream.CanSeek)
            {
                throw new CliException($"{path} is a pipe, and a checkpoint is not read from front to back; save it to a file first");
            }

            return await IsSafetensorsAsync(stream, cancellationToken)
                ? await SafetensorsAsync(stream, prefix, cancellationToken)
                : PyTorch(stream, prefix);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a file begins as one that <c>torch.save</c> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False for every other file, also for one that is not there.</returns>
    public static async Task<bool> IsPyTorchAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        await using var stream = await OpenStreamAsync(path, cancellationToken);
        var head = new byte[HeadBytes];
        var read = await stream.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, cancellationToken);
        return PyTorchReader.IsCheckpoint(head.AsSpan(0, read));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    // Opening a pipe waits for whoever writes to it; the user's patience ends before that.
    private static Task<FileStream> OpenStreamAsync(string path, CancellationToken cancellationToken) => Task
        .Run(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: false), cancellationToken)
        .WaitAsync(cancellationToken);

    private static async Task<bool> IsSafetensorsAsync(FileStream stream, CancellationToken cancellationToken)
    {
        var head = new byte[HeadBytes];
        var read = await stream.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, cancellationToken);
        stream.Position = 0;
        return read == HeadBytes && head[^1] == '{' && !PyTorchReader.IsCheckpoint(head);
    }

    private static async Task<CheckpointFile> SafetensorsAsync(FileStream stream, string? prefix, CancellationToken cancellationToken)
    {
        var reader = await SafetensorsReader.OpenAsync(stream, cancellationToken);
        var (stripped, names) = TensorNames.Strip([.. reader.Tensors.Select(tensor => tensor.Name)], prefix);
        return new CheckpointFile(
            stream, [.. reader.Tensors.Zip(names, (tensor, name) => CheckpointConversion.ToEntry(stream, tensor with { Name = name }))])
        {
            Metadata = reader.Metadata,
            Prefix = stripped,
        };
    }

    private static CheckpointFile PyTorch(FileStream stream, string? prefix)
    {
        var reader = PyTorchReader.Open(stream, new PyTorchReaderOptions { Prefix = prefix });
        return new CheckpointFile(stream, [.. reader.Tensors.Select(tensor => CheckpointConversion.ToEntry(reader, tensor))])
        {
            Prefix = reader.Prefix,
            Others = reader.Others,
        };
    }
}
