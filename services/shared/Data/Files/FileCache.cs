using System.Buffers;
using System.Security.Cryptography;

namespace IntraDA.Data.Files;

/// <summary>
/// Keeps files of data sets on a local disk under the digests of their bytes, so that epochs after the first do not touch the network.
/// </summary>
/// <remarks>
/// What is found is verified before it is given out. Files are written under another name and renamed, so a killed process leaves
/// nothing but such a file, which is removed a day later. Processes may share a directory. Where the bound is met the files that were
/// used least recently go; between two looks at the directory a process adds at most 1/64 of the bound. A disk that fails makes the
/// cache useless, never a reading wrong or failed.
/// </remarks>
public sealed class FileCache
{
    private const string TemporaryName = "=tmp";
    private const string LockName = "=lock";
    private const int DigestLength = 64;

    // Evicting a little more than needed leaves room for what other processes add before they look themselves.
    private const int SlackParts = 16;
    private const int UnseenParts = 64;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly TimeSpan TemporaryLifetime = TimeSpan.FromDays(1);

    // Marking a file as used costs a write to the disk; a minute's precision is enough for an order of eviction.
    private static readonly TimeSpan UsePrecision = TimeSpan.FromMinutes(1);
    private readonly string _directory;
    private readonly long _maxBytes;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _looking = new();
    private long _unseen = long.MaxValue / 2;
    private long _hits;
    private long _misses;

    /// <summary>Opens a cache; the disk is first touched when it is used.</summary>
    /// <param name="directory">Its directory, absolute.</param>
    /// <param name="maxBytes">Bound over all files, bytes; 0: a cache that keeps nothing.</param>
    /// <param name="timeProvider">Clock of use and of the age of left-over files.</param>
    public FileCache(string directory, long maxBytes, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        if (maxBytes > 0)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        }

        _directory = directory;
        _maxBytes = maxBytes;
        _timeProvider = timeProvider;
    }

    /// <summary>How often a file was found.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>How often a file was not found, or was damaged.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Looks a file up.</summary>
    /// <param name="sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
    /// <param name="sizeBytes">Its length.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Its bytes, verified; null where it is not kept.</returns>
    public async Task<byte[]?> FindAsync(string sha256, long sizeBytes, CancellationToken cancellationToken)
    {
        if (!Keeps(sha256, sizeBytes))
        {
            return null;
        }

        var bytes = await ReadAsync(PathOf(sha256), sha256, sizeBytes, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref (bytes is null ? ref _misses : ref _hits));
        return bytes;
    }

    /// <summary>Keeps a file, where there is a disk for it. Others that were used less recently may go.</summary>
    /// <param name="sha256">SHA-256 of the bytes; the caller has verified them.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the file in place.</returns>
    public async Task KeepAsync(string sha256, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!Keeps(sha256, bytes.Length))
        {
            return;
        }

        try
        {
            MakeRoom(bytes.Length);
            await WriteAsync(PathOf(sha256), bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full or read-only disk: the caller has the bytes, and the next one fetches them again.
        }
    }

    private static bool IsDigest(string name) => name.Length == DigestLength && name.AsSpan().IndexOfAnyExcept(HexDigits) < 0;

    // A file of another name could lead out of the directory.
    private bool Keeps(string sha256, long size) => _maxBytes > 0 && size <= _maxBytes && IsDigest(sha256);

    private string PathOf(string sha256) => Path.Combine(_directory, sha256[..2], sha256);

    private async Task<byte[]?> ReadAsync(string path, string sha256, long size, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            byte[]? bytes = null;
            await using (file.ConfigureAwait(false))
            {
                if (file.Length == size)
                {
                    bytes = GC.AllocateUninitializedArray<byte>((int)size);
                    await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
                }
            }

            if (bytes is not null && Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256)
            {
                MarkUsed(path);
                return bytes;
            }

            File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void MarkUsed(string path)
    {
        var now = _timeProvider.GetUtcNow();
        if (now - File.GetLastWriteTimeUtc(path) > UsePrecision)
        {
            File.SetLastWriteTimeUtc(path, now.UtcDateTime);
        }
    }

    private async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(_directory, TemporaryName);
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = Path.Combine(folder, Guid.NewGuid().ToString("n"));
        try
        {
            await File.WriteAllBytesAsync(temporary, bytes, cancellationToken).ConfigureAwait(false);
            File.SetLastWriteTimeUtc(temporary, _timeProvider.GetUtcNow().UtcDateTime);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private void MakeRoom(long size)
    {
        if (Interlocked.Add(ref _unseen, size) <= _maxBytes / UnseenParts)
        {
            return;
        }

        lock (_looking)
        {
            if (Interlocked.Read(ref _unseen) > _maxBytes / UnseenParts)
            {
                Interlocked.Exchange(ref _unseen, 0);
                Evict(Math.Min(_maxBytes - (_maxBytes / SlackParts), _maxBytes - size));
            }
        }
    }

    /// <summary>Deletes the files used least recently until no more than the given number of bytes is kept.</summary>
    private void Evict(long target)
    {
        Directory.CreateDirectory(_directory);
        using var others = TryLock();
        if (others is null)
        {
            // Another process is at it.
            return;
        }

        RemoveLeftovers();
        var files = Directory.EnumerateDirectories(_directory)
            .Where(folder => Path.GetFileName(folder) != TemporaryName)
            .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles())
            .Where(file => IsDigest(file.Name))
            .Select(file => (file.FullName, file.Length, Used: file.LastWriteTimeUtc))
            .ToList();
        var kept = files.Sum(file => file.Length);
        foreach (var (path, length, _) in files.OrderBy(file => file.Used))
        {
            if (kept <= target)
            {
                return;
            }

            File.Delete(path);
            kept -= length;
        }
    }

    private FileStream? TryLock()
    {
        try
        {
            // The lock goes with the process that holds it, however it ends.
            return new FileStream(Path.Combine(_directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void RemoveLeftovers()
    {
        var folder = new DirectoryInfo(Path.Combine(_directory, TemporaryName));
        if (!folder.Exists)
        {
            return;
        }

        var before = _timeProvider.GetUtcNow() - TemporaryLifetime;
        foreach (var file in folder.EnumerateFiles().Where(file => file.LastWriteTimeUtc < before))
        {
            file.Delete();
        }
    }
}
