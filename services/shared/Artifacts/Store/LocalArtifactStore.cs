using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Artifacts.Store;

/// <summary>Artefacts in a directory: the embedded default, shared by the processes that see the directory.</summary>
/// <remarks>
/// Bytes are written to a temporary file of the same file system, flushed to disk and renamed, so a reader sees all or nothing, and a
/// killed writer leaves nothing but a temporary file, which a store that starts a day later removes. Symbolic links below the
/// directory are refused: a key never leads out of it. Media types live in references only.
/// </remarks>
public sealed partial class LocalArtifactStore : IArtifactStore
{
    private const string TemporaryName = "=tmp";
    private const int BufferSize = 1 << 17;
    private const int LinkExists = 17;
    private static readonly TimeSpan TemporaryLifetime = TimeSpan.FromDays(1);
    private readonly string _root;
    private readonly string _temporary;

    /// <summary>Opens a store.</summary>
    /// <param name="directory">Its directory; created where it is missing.</param>
    /// <param name="timeProvider">Clock by which left-over files are old.</param>
    /// <exception cref="ArtifactStoreException">The directory cannot be made or written.</exception>
    public LocalArtifactStore(string directory, TimeProvider timeProvider)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentNullException.ThrowIfNull(timeProvider);
        _root = Path.GetFullPath(directory);
        _temporary = Path.Combine(_root, TemporaryName);
        try
        {
            Directory.CreateDirectory(_temporary);
            RemoveLeftovers(timeProvider.GetUtcNow() - TemporaryLifetime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArtifactStoreException($"The store's directory '{_root}' cannot be written: {e.Message}", isTransient: false, e);
        }
    }

    /// <inheritdoc/>
    public Task<Artifact> PutAsync(string key, Stream content, string mediaType, CancellationToken cancellationToken)
    {
        ArtifactKey.Validate(key);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(mediaType);
        return GuardAsync(key, async () =>
        {
            var temporary = NewTemporary();
            try
            {
                var artifact = await WriteAsync(temporary, key, content, mediaType, cancellationToken).ConfigureAwait(false);
                File.Move(temporary, PathForWriting(key), overwrite: true);
                return artifact;
            }
            finally
            {
                File.Delete(temporary);
            }
        });
    }

    /// <inheritdoc/>
    public Task<Artifact?> TryCreateAsync(string key, ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken)
    {
        ArtifactKey.Validate(key);
        ArgumentNullException.ThrowIfNull(mediaType);
        SmallContent.Require(key, content);
        return GuardAsync<Artifact?>(key, async () =>
        {
            var path = PathForWriting(key);
            if (File.Exists(path))
            {
                return null;
            }

            var temporary = NewTemporary();
            try
            {
                using var stream = new ReadOnlyMemoryStream(content);
                var artifact = await WriteAsync(temporary, key, stream, mediaType, cancellationToken).ConfigureAwait(false);
                return TryLink(temporary, path) ? artifact : null;
            }
            finally
            {
                File.Delete(temporary);
            }
        });
    }

    /// <inheritdoc/>
    public Task CopyToAsync(Artifact artifact, Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(destination);
        ArtifactKey.Validate(artifact.Key);
        return GuardAsync(artifact.Key, async () =>
        {
            var source = OpenRead(artifact.Key);
            await using (source.ConfigureAwait(false))
            {
                if (artifact.Sha256.Length > 0 && source.Length != artifact.SizeBytes)
                {
                    throw new ArtifactDamagedException(artifact.Key, $"it has {source.Length} bytes, expected {artifact.SizeBytes}.");
                }

                using var digest = new ContentDigest();
                await CopyAsync(source, destination, digest, cancellationToken).ConfigureAwait(false);
                digest.Verify(artifact);
                return true;
            }
        });
    }

    /// <inheritdoc/>
    public Task<long?> GetSizeAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.Validate(key);
        cancellationToken.ThrowIfCancellationRequested();
        return GuardAsync(key, () =>
        {
            var file = new FileInfo(PathOf(key));
            return Task.FromResult<long?>(file.Exists ? file.Length : null);
        });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArtifactKey.ValidatePrefix(prefix);
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var key in List(_root, "", prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return key;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.Validate(key);
        cancellationToken.ThrowIfCancellationRequested();
        return GuardAsync(key, () =>
        {
            var path = PathOf(key);
            if (File.Exists(path))
            {
                File.Delete(path);
            }

            return Task.FromResult(true);
        });
    }

    /// <inheritdoc/>
    /// <remarks>A directory has no address that any client could fetch: always null.</remarks>
    public Task<Uri?> CreateDownloadLinkAsync(Artifact artifact, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        ArtifactKey.Validate(artifact.Key);
        LinkLifetime.Require(lifetime);
        return Task.FromResult<Uri?>(null);
    }

    private static async Task<Artifact> WriteAsync(
        string path, string key, Stream content, string mediaType, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            using var digest = new ContentDigest();
            await CopyAsync(content, file, digest, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
            return digest.ToArtifact(key, mediaType);
        }
    }

    private static async Task CopyAsync(Stream source, Stream destination, ContentDigest digest, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int count;
            while ((count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                digest.Append(buffer.AsSpan(0, count));
                await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<T> GuardAsync<T>(string key, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ArtifactNotFoundException(key, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArtifactStoreException($"The store failed on '{key}': {e.Message}", isTransient: false, e);
        }
    }

    private static bool TryLink(string temporary, string path)
    {
        // File.Move(overwrite: false) looks for the target and then renames over it on Unix, so of two processes both could win.
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(temporary, path, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(path))
            {
                return false;
            }
        }

        if (Link(temporary, path) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == LinkExists
            ? false
            : throw new IOException($"no hard link can be made ({Marshal.GetPInvokeErrorMessage(error)}); keep the store on a file system that has them.");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);

    private FileStream OpenRead(string key)
    {
        var path = PathOf(key);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
    }

    private string PathForWriting(string key)
    {
        var path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>The file of a key, after a look at every step of the way.</summary>
    private string PathOf(string key)
    {
        var relative = LocalKeyPath.ToRelativePath(key);
        var path = _root;
        foreach (var name in relative.Split(Path.DirectorySeparatorChar))
        {
            path = Path.Combine(path, name);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new IOException($"'{relative}' passes through a symbolic link, which may lead out of the store.");
            }
        }

        return path;
    }

    private static IEnumerable<string> List(string directory, string parent, string prefix)
    {
        var entries = Entries(directory, "");
        entries.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var (name, path, isFile) in entries)
        {
            var key = parent + name;
            if (isFile)
            {
                if (key.StartsWith(prefix, StringComparison.Ordinal))
                {
                    yield return key;
                }
            }
            else if (key.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(key, StringComparison.Ordinal))
            {
                foreach (var inner in List(path, key, prefix))
                {
                    yield return inner;
                }
            }
        }
    }

    /// <summary>What a directory holds, directories with the '/' that gives them their place in ordinal order.</summary>
    private static List<(string Name, string Path, bool IsFile)> Entries(string directory, string lead)
    {
        var entries = new List<(string, string, bool)>();
        FileSystemInfo[] found;
        try
        {
            found = new DirectoryInfo(directory).GetFileSystemInfos();
        }
        catch (DirectoryNotFoundException)
        {
            return entries;
        }

        foreach (var entry in found)
        {
            if (entry.LinkTarget is not null)
            {
                continue;
            }

            var isFile = entry is FileInfo;
            if (!isFile && entry.Name.EndsWith(LocalKeyPath.Continued) && entry.Name.Length > 1)
            {
                entries.AddRange(Entries(entry.FullName, lead + entry.Name[..^1]));
            }
            else if (LocalKeyPath.FromName(entry.Name, isFile) is { } name)
            {
                entries.Add((lead + name + (isFile ? "" : "/"), entry.FullName, isFile));
            }
        }

        return entries;
    }

    private string NewTemporary() => Path.Combine(_temporary, Guid.NewGuid().ToString("n"));

    private void RemoveLeftovers(DateTimeOffset before)
    {
        foreach (var file in new DirectoryInfo(_temporary).EnumerateFiles())
        {
            if (file.LastWriteTimeUtc < before)
            {
                file.Delete();
            }
        }
    }
}
