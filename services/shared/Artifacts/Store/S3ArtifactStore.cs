using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using IntraDA.Contracts.Artifacts.V1;
using Minio;
using Minio.DataModel;
using Minio.DataModel.Args;
using Minio.Exceptions;
using Polly;
using Polly.Retry;

namespace IntraDA.Artifacts.Store;

/// <summary>Artefacts in a bucket of an S3 server: MinIO, Ceph, AWS and others.</summary>
/// <remarks>
/// The bucket is made where it is missing. Transfers are repeated as a whole where the failure is of a kind that passes and the source or
/// destination can be rewound. Large objects are moved in parts of 8 MiB; a transfer holds three of them in memory, and the store keeps three for the next. Whether the server
/// honours <c>If-None-Match</c> is tried before the first conditional creation, because some servers accept the header and ignore it.
/// Uploads in parts that a killed writer left are thrown away by a store that starts <see cref="S3StoreOptions.UploadLifetime"/> later.
/// </remarks>
public sealed class S3ArtifactStore : IArtifactStore, IDisposable
{
    // From here on the S3 client would send parts, one after the other and each in an array of its own.
    private const long MultipartSize = 5L << 20;
    private const string WriterHeader = "x-amz-meta-intrada-writer";

    // Small documents are read by their keys alone, without a reference that names their digest: it travels with them.
    private const string DigestHeader = "x-amz-meta-intrada-sha256";
    private const long DigestedSize = 256 << 10;

    // What a network damages is whole when it is read again; what lies damaged stays so.
    private const int DamageRetries = 2;
    private static readonly ResiliencePropertyKey<Func<bool>> CanRepeat = new("intrada.can-repeat");
    private readonly string _bucket;
    private readonly string _prefix;
    private readonly string _region;
    private readonly bool _allowSingleWriter;
    private readonly TimeSpan _stallTimeout;
    private readonly TimeSpan _uploadLifetime;
    private readonly TimeProvider _timeProvider;
    private readonly HttpClient _http;
    private readonly HttpClient _bulk;
    private readonly S3Upload _uploads;
    private readonly S3Download _downloads;
    private readonly IMinioClient _client;
    private readonly ResiliencePipeline _retries;
    private volatile bool _bucketReady;
    private int _swept;
    private volatile int _creation = (int)Creation.Unknown;

    /// <summary>Makes the store; the server is first reached when the store is first used.</summary>
    /// <param name="options">The options; later changes to them have no effect.</param>
    /// <param name="timeProvider">Clock of time-outs and retries.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists every violation.</exception>
    public S3ArtifactStore(S3StoreOptions options, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        var violations = options.Validate();
        if (violations.Count > 0 || !options.TryGetEndpoint(out var authority, out var tls))
        {
            throw new ArgumentException(string.Join(' ', violations), nameof(options));
        }

        _bucket = options.Bucket;
        _prefix = options.Prefix.Length == 0 ? "" : options.Prefix + "/";
        _region = options.Region;
        _allowSingleWriter = options.AllowSingleWriter;
        _stallTimeout = options.StallTimeout;
        _uploadLifetime = options.UploadLifetime;
        _timeProvider = timeProvider;

        // The client overwrites the time-out of whatever HttpClient it is given, so it gets one of its own; the connections are shared.
        var handler = new S3ErrorHandler(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        _http = new HttpClient(handler);
        _bulk = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var root = new Uri($"{(tls ? "https" : "http")}://{authority}/{_bucket}/");
        var requests = new S3Requests(_bulk, new S3Signer(options.AccessKey, options.SecretKey, _region, timeProvider), root);

        // The shared pool would keep one buffer of each size for every thread that ever gave one back.
        var parts = ArrayPool<byte>.Create(S3Upload.PartSize, S3Upload.Buffers);
        _uploads = new S3Upload(requests, parts, timeProvider);
        _downloads = new S3Download(requests, parts, DigestHeader);
        _client = new MinioClient()
            .WithEndpoint(authority)
            .WithCredentials(options.AccessKey, options.SecretKey)
            .WithRegion(_region)
            .WithSSL(tls)
            .WithHttpClient(_http)
            .Build();
        _retries = BuildRetries(options);
    }

    private enum Creation
    {
        Unknown,
        Conditional,
        SingleWriter,
    }

    /// <inheritdoc/>
    public async Task<Artifact> PutAsync(string key, Stream content, string mediaType, CancellationToken cancellationToken)
    {
        ArtifactKey.Validate(key);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(mediaType);
        if (!content.CanSeek)
        {
            // A source that cannot be rewound could not be sent again, nor would its length be known before the end.
            var spool = SpoolFile.Create();
            await using (spool.ConfigureAwait(false))
            {
                await content.CopyToAsync(spool, cancellationToken).ConfigureAwait(false);
                spool.Position = 0;
                return await PutAsync(key, spool, mediaType, cancellationToken).ConfigureAwait(false);
            }
        }

        var start = content.Position;
        return await RunAsync(
            key,
            () => true,
            async guard =>
            {
                content.Position = start;
                return await SendAsync(key, content, mediaType, guard).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Artifact?> TryCreateAsync(string key, ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken)
    {
        ArtifactKey.Validate(key);
        ArgumentNullException.ThrowIfNull(mediaType);
        SmallContent.Require(key, content);
        await ProbeCreationAsync(cancellationToken).ConfigureAwait(false);
        if (_creation == (int)Creation.SingleWriter)
        {
            return await GetSizeAsync(key, cancellationToken).ConfigureAwait(false) is null
                ? await this.PutBytesAsync(key, content, mediaType, cancellationToken).ConfigureAwait(false)
                : null;
        }

        return await CreateAsync(key, content, mediaType, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task CopyToAsync(Artifact artifact, Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(destination);
        ArtifactKey.Validate(artifact.Key);
        var start = destination.CanSeek ? destination.Position : 0;
        var received = 0L;
        await RunAsync(
            artifact.Key,
            () => received == 0 || destination.CanSeek,
            async guard =>
            {
                if (received > 0)
                {
                    destination.Position = start;
                    destination.SetLength(start);
                    received = 0;
                }

                using var digest = new ContentDigest();
                var sent = await _downloads.RunAsync(_prefix + artifact.Key, artifact, destination, digest, guard, count => received += count).ConfigureAwait(false);
                digest.Verify(artifact.Sha256.Length > 0 ? artifact : sent);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<long?> GetSizeAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.Validate(key);
        return RunAsync<long?>(
            key,
            () => true,
            async guard =>
            {
                try
                {
                    var args = new StatObjectArgs().WithBucket(_bucket).WithObject(_prefix + key);
                    return (await _client.StatObjectAsync(args, guard.Token).ConfigureAwait(false)).Size;
                }
                catch (ObjectNotFoundException)
                {
                    return null;
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArtifactKey.ValidatePrefix(prefix);
        await EnsureBucketAsync(cancellationToken).ConfigureAwait(false);
        var listing = new Listing(this, prefix);
        await using (listing.ConfigureAwait(false))
        {
            while (await listing.NextAsync(cancellationToken).ConfigureAwait(false) is { } key)
            {
                // Others may write into the bucket what is no key of ours.
                if (ArtifactKey.IsValid(key))
                {
                    yield return key;
                }
            }
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.Validate(key);
        return RunAsync(
            key,
            () => true,
            async guard =>
            {
                await _client.RemoveObjectAsync(new RemoveObjectArgs().WithBucket(_bucket).WithObject(_prefix + key), guard.Token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Uri?> CreateDownloadLinkAsync(Artifact artifact, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        ArtifactKey.Validate(artifact.Key);
        LinkLifetime.Require(lifetime);
        cancellationToken.ThrowIfCancellationRequested();
        var args = new PresignedGetObjectArgs().WithBucket(_bucket).WithObject(_prefix + artifact.Key).WithExpiry((int)lifetime.TotalSeconds);
        return new Uri(await _client.PresignedGetObjectAsync(args).ConfigureAwait(false));
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _client.Dispose();
        _bulk.Dispose();
        _http.Dispose();
    }

    private ResiliencePipeline BuildRetries(S3StoreOptions options)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = _timeProvider };
        if (options.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxRetries,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is ArtifactStoreException { IsTransient: true }
                    && arguments.Context.Properties.TryGetValue(CanRepeat, out var canRepeat)
                    && canRepeat()),
            });
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = DamageRetries,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is ArtifactDamagedException
                    && arguments.Context.Properties.TryGetValue(CanRepeat, out var canRepeat)
                    && canRepeat()),
            });
        }

        return builder.Build();
    }

    private async Task<T> RunAsync<T>(string key, Func<bool> canRepeat, Func<StallGuard, Task<T>> attempt, CancellationToken cancellationToken)
    {
        await EnsureBucketAsync(cancellationToken).ConfigureAwait(false);
        return await RepeatAsync(key, canRepeat, attempt, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> RepeatAsync<T>(string key, Func<bool> canRepeat, Func<StallGuard, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(CanRepeat, canRepeat);
        try
        {
            return await _retries.ExecuteAsync(
                async (c, _) => await AttemptAsync(key, attempt, c.CancellationToken).ConfigureAwait(false), context, 0).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<T> AttemptAsync<T>(string key, Func<StallGuard, Task<T>> attempt, CancellationToken cancellationToken)
    {
        using var guard = new StallGuard(_stallTimeout, _timeProvider, cancellationToken);
        try
        {
            return await attempt(guard).ConfigureAwait(false);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested)
        {
            // The client wraps some cancellations in errors of its own.
            throw new OperationCanceledException($"The transfer of '{key}' was cancelled.", e, cancellationToken);
        }
        catch (Exception e) when (guard.HasStalled && e is not ArtifactStoreException)
        {
            throw new ArtifactStoreException(
                $"The S3 server moved no byte of '{key}' for {_stallTimeout.TotalSeconds:0.#} s.", isTransient: true, e);
        }
        catch (Exception e) when (e is not ArgumentException)
        {
            throw S3Failure.ToStoreException(e, _bucket, key);
        }
    }

    private async Task<Artifact> SendAsync(string key, Stream content, string mediaType, StallGuard guard)
    {
        var size = content.Length - content.Position;
        if (size >= MultipartSize)
        {
            return await _uploads.RunAsync(_prefix + key, key, content, size, mediaType, guard).ConfigureAwait(false);
        }

        using var digest = new ContentDigest();
        var headers = new Dictionary<string, string>();
        if (size <= DigestedSize)
        {
            headers[DigestHeader] = await DigestOfAsync(content, guard.Token).ConfigureAwait(false);
        }

        using var observed = new ObservedReadStream(content, bytes =>
        {
            digest.Append(bytes.Span);
            guard.Progress();
        });
        var args = new PutObjectArgs().WithBucket(_bucket).WithObject(_prefix + key)
            .WithStreamData(observed).WithObjectSize(size).WithContentType(mediaType).WithHeaders(headers);
        await _client.PutObjectAsync(args, guard.Token).ConfigureAwait(false);
        return digest.Length == size
            ? digest.ToArtifact(key, mediaType)
            : throw new ArtifactStoreException($"The source of '{key}' gave {digest.Length} bytes where its length was {size}.", isTransient: false);
    }

    // The client gives metadata back under names without their prefix, in the server's spelling.
    private static string MetadataOf(ObjectStat stat, string header) => stat.MetaData
        .FirstOrDefault(entry => header.EndsWith(entry.Key, StringComparison.OrdinalIgnoreCase) && entry.Key.Length > 0).Value ?? "";

    private static async Task<string> DigestOfAsync(Stream content, CancellationToken cancellationToken)
    {
        var start = content.Position;
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
        content.Position = start;
        return digest;
    }

    private Task<Artifact?> CreateAsync(string key, ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken)
    {
        // Marks this call's object: where an answer is lost, the repetition must know its own first attempt from another's.
        var writer = Guid.NewGuid().ToString("n");
        var attempts = 0;
        return RunAsync(
            key,
            () => true,
            async guard =>
            {
                attempts++;
                using var digest = new ContentDigest();
                digest.Append(content.Span);
                try
                {
                    using var stream = new ReadOnlyMemoryStream(content);
                    var args = new PutObjectArgs().WithBucket(_bucket).WithObject(_prefix + key)
                        .WithStreamData(stream).WithObjectSize(content.Length).WithContentType(mediaType)
                        .WithHeaders(new Dictionary<string, string>
                        {
                            [WriterHeader] = writer,
                            [DigestHeader] = Convert.ToHexStringLower(SHA256.HashData(content.Span)),
                        })
                        .WithNotMatchETag("*");
                    await _client.PutObjectAsync(args, guard.Token).ConfigureAwait(false);
                    return digest.ToArtifact(key, mediaType);
                }
                catch (Exception e) when (S3Failure.IsTaken(e))
                {
                    return attempts > 1 && await IsOwnAsync(key, writer, guard).ConfigureAwait(false) ? digest.ToArtifact(key, mediaType) : null;
                }
            },
            cancellationToken);
    }

    private async Task<bool> IsOwnAsync(string key, string writer, StallGuard guard)
    {
        var stat = await _client.StatObjectAsync(new StatObjectArgs().WithBucket(_bucket).WithObject(_prefix + key), guard.Token).ConfigureAwait(false);
        return MetadataOf(stat, WriterHeader) == writer;
    }

    private async Task EnsureBucketAsync(CancellationToken cancellationToken)
    {
        if (_bucketReady)
        {
            return;
        }

        // Several may ask at once, and none waits for another's retries.
        _bucketReady = await RepeatAsync(
            _bucket,
            () => true,
            async guard =>
            {
                if (!_bucketReady && !await _client.BucketExistsAsync(new BucketExistsArgs().WithBucket(_bucket), guard.Token).ConfigureAwait(false))
                {
                    await MakeBucketAsync(guard.Token).ConfigureAwait(false);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _swept, 1) == 0)
        {
            await _uploads.SweepAsync(_prefix, _timeProvider.GetUtcNow() - _uploadLifetime, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task MakeBucketAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.MakeBucketAsync(new MakeBucketArgs().WithBucket(_bucket).WithLocation(_region), cancellationToken).ConfigureAwait(false);
        }
        catch (MinioException e) when (e.Response?.Code is "BucketAlreadyOwnedByYou" or "BucketAlreadyExists")
        {
            // Another service was faster; whether the bucket may be used shows when it is.
        }
    }

    /// <summary>Finds out once whether the server really refuses the second of two creations.</summary>
    private async Task ProbeCreationAsync(CancellationToken cancellationToken)
    {
        if (_creation != (int)Creation.Unknown)
        {
            return;
        }

        var key = $".probe/create-{Guid.NewGuid():n}";
        var first = await CreateAsync(key, "1"u8.ToArray(), "text/plain", cancellationToken).ConfigureAwait(false);
        var second = await CreateAsync(key, "2"u8.ToArray(), "text/plain", cancellationToken).ConfigureAwait(false);
        await DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        if (first is not null && second is null)
        {
            _creation = (int)Creation.Conditional;
            return;
        }

        _creation = _allowSingleWriter
            ? (int)Creation.SingleWriter
            : throw new ArtifactStoreException(
                "The S3 server ignores If-None-Match, so two writers could take one key; use a server that honours it, or set "
                + "Store:AllowSingleWriter where only one gateway writes.",
                isTransient: false);
    }

    /// <summary>Keys one by one; where the server fails, the list is begun again and passed over up to the last key given.</summary>
    private sealed class Listing(S3ArtifactStore store, string prefix) : IAsyncDisposable
    {
        private StallGuard? _guard;
        private IAsyncEnumerator<Item>? _objects;
        private string? _last;

        public async Task<string?> NextAsync(CancellationToken cancellationToken)
        {
            var context = ResilienceContextPool.Shared.Get(cancellationToken);
            context.Properties.Set(CanRepeat, () => true);
            try
            {
                return await store._retries.ExecuteAsync(
                    static async (c, self) => await self.TryNextAsync(c.CancellationToken).ConfigureAwait(false), context, this).ConfigureAwait(false);
            }
            finally
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }

        public async ValueTask DisposeAsync()
        {
            var (objects, guard) = (_objects, _guard);
            (_objects, _guard) = (null, null);
            if (objects is not null)
            {
                await objects.DisposeAsync().ConfigureAwait(false);
            }

            guard?.Dispose();
        }

        private async Task<string?> TryNextAsync(CancellationToken cancellationToken)
        {
            try
            {
                var objects = Open(cancellationToken);
                while (true)
                {
                    _guard!.Progress();
                    if (!await objects.MoveNextAsync().ConfigureAwait(false))
                    {
                        return null;
                    }

                    var key = objects.Current.Key[store._prefix.Length..];
                    if (string.CompareOrdinal(key, _last) > 0)
                    {
                        return _last = key;
                    }
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                await DisposeAsync().ConfigureAwait(false);
                throw S3Failure.ToStoreException(e, store._bucket, prefix);
            }
        }

        private IAsyncEnumerator<Item> Open(CancellationToken cancellationToken)
        {
            if (_objects is null)
            {
                _guard = new StallGuard(store._stallTimeout, store._timeProvider, cancellationToken);
                var args = new ListObjectsArgs().WithBucket(store._bucket).WithPrefix(store._prefix + prefix).WithRecursive(true);
                _objects = store._client.ListObjectsEnumAsync(args, _guard.Token).GetAsyncEnumerator(_guard.Token);
            }

            return _objects;
        }
    }
}
