using System.Text;
using IntraDA.Contracts.Artifacts.V1;

namespace MinEntTrainer.Store;

/// <summary>The store as a directory, with the file names of docs/formats.md.</summary>
/// <param name="root">The directory.</param>
internal sealed class DirectoryStore(string root) : IStore
{
    private const int LongestPiece = 200;

    private readonly string _root = Path.GetFullPath(root);

    /// <inheritdoc />
    public async Task<byte[]?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(key), cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreReads.Unavailable(key, e);
        }
    }

    /// <inheritdoc />
    public async Task<Artifact> PutAsync(string key, byte[] content, string mediaType, CancellationToken cancellationToken)
    {
        await WriteAsync(key, content, overwrite: true, cancellationToken);
        return StoreReads.Reference(key, content, mediaType);
    }

    /// <inheritdoc />
    public async Task<bool> TryCreateAsync(string key, byte[] content, string mediaType, CancellationToken cancellationToken)
    {
        // Those who write below a trainer's own prefix are that trainer alone: looking first is enough.
        if (File.Exists(PathOf(key)))
        {
            return false;
        }

        await WriteAsync(key, content, overwrite: false, cancellationToken);
        return true;
    }

    /// <inheritdoc />
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(key));
            return Task.CompletedTask;
        }
        catch (DirectoryNotFoundException)
        {
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreReads.Unavailable(key, e);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(_root, string.Join('/', prefix.TrimEnd('/').Split('/').Select(s => NameOf(s, isFile: false))));
        IReadOnlyList<string> keys = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => KeyOf(Path.GetRelativePath(_root, file)))]
            : [];
        return Task.FromResult(keys);
    }

    private static string NameOf(string segment, bool isFile)
    {
        var name = new StringBuilder();
        while (segment.Length > LongestPiece)
        {
            name.Append(segment, 0, LongestPiece).Append("=/");
            segment = segment[LongestPiece..];
        }

        // A file and a folder of one name never meet: the unusual one of the two is marked.
        return name.Append(segment).Append(segment.Contains('.', StringComparison.Ordinal) == isFile ? "" : "+").ToString();
    }

    private static string KeyOf(string path) => path.Replace("=/", "", StringComparison.Ordinal).Replace("+", "", StringComparison.Ordinal);

    private string PathOf(string key)
    {
        var segments = key.Split('/');
        return Path.Combine(_root, string.Join('/', segments.Select((segment, i) => NameOf(segment, i == segments.Length - 1))));
    }

    private async Task WriteAsync(string key, byte[] content, bool overwrite, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        // The folder of temporary files has a name that no key can have.
        var temporary = Path.Combine(_root, "=tmp", Guid.NewGuid().ToString("n"));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                await stream.WriteAsync(content, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreReads.Unavailable(key, e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
