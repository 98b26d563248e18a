using IntraDA.Contracts.Artifacts.V1;
using MinEntTrainer.Service;
using Minio;
using Minio.DataModel.Args;
using Minio.Exceptions;

namespace MinEntTrainer.Store;

/// <summary>The store as a bucket of an S3 server.</summary>
internal sealed class S3Store : IStore, IDisposable
{
    // Some twenty seconds of a server that does not answer; whoever called asks again after that.
    private const int Attempts = 6;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);

    private readonly IMinioClient _client;
    private readonly string _bucket;
    private readonly string _prefix;

    /// <summary>Makes the store; the server is reached when it is used.</summary>
    /// <param name="settings">Where and as whom.</param>
    public S3Store(StoreSettings settings)
    {
        var tls = settings.Endpoint.StartsWith("https://", StringComparison.Ordinal);
        (_bucket, _prefix) = (settings.Bucket, settings.Prefix.Length == 0 ? "" : settings.Prefix + "/");
        _client = new MinioClient()
            .WithEndpoint(settings.Endpoint[(settings.Endpoint.LastIndexOf('/') + 1)..])
            .WithCredentials(settings.AccessKey, settings.SecretKey)
            .WithRegion(settings.Region)
            .WithSSL(tls)
            .Build();
    }

    /// <inheritdoc />
    public Task<byte[]?> FindAsync(string key, CancellationToken cancellationToken) => RepeatAsync(
        key,
        async () =>
        {
            try
            {
                using var content = new MemoryStream();
                await _client.GetObjectAsync(
                    new GetObjectArgs().WithBucket(_bucket).WithObject(_prefix + key)
                        .WithCallbackStream((stream, token) => stream.CopyToAsync(content, token)),
                    cancellationToken);
                return content.ToArray();
            }
            catch (Exception e) when (e is ObjectNotFoundException or BucketNotFoundException)
            {
                return null;
            }
        },
        cancellationToken);

    /// <inheritdoc />
    public async Task<Artifact> PutAsync(string key, byte[] content, string mediaType, CancellationToken cancellationToken)
    {
        await RepeatAsync(key, () => SendAsync(key, content, mediaType, onlyNew: false, cancellationToken), cancellationToken);
        return StoreReads.Reference(key, content, mediaType);
    }

    /// <inheritdoc />
    public async Task<bool> TryCreateAsync(string key, byte[] content, string mediaType, CancellationToken cancellationToken) =>
        await RepeatAsync(
            key,
            async () =>
            {
                try
                {
                    return await SendAsync(key, content, mediaType, onlyNew: true, cancellationToken);
                }
                catch (PreconditionFailedException)
                {
                    // Taken; by ourselves where an earlier attempt arrived and its answer did not.
                    return await FindAsync(key, cancellationToken) is { } there && there.AsSpan().SequenceEqual(content);
                }
            },
            cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(string key, CancellationToken cancellationToken) => RepeatAsync(
        key,
        async () =>
        {
            await _client.RemoveObjectAsync(new RemoveObjectArgs().WithBucket(_bucket).WithObject(_prefix + key), cancellationToken);
            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) => RepeatAsync<IReadOnlyList<string>>(
        prefix,
        async () =>
        {
            var keys = new List<string>();
            var args = new ListObjectsArgs().WithBucket(_bucket).WithPrefix(_prefix + prefix).WithRecursive(true);
            await foreach (var item in _client.ListObjectsEnumAsync(args, cancellationToken))
            {
                keys.Add(item.Key[_prefix.Length..]);
            }

            return keys;
        },
        cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private static async Task<T> RepeatAsync<T>(string what, Func<Task<T>> action, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await action();
            }
            catch (Exception e) when (e is not Refusal && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == Attempts || e is AuthorizationException or AccessDeniedException or ForbiddenException)
                {
                    throw StoreReads.Unavailable(what, e);
                }

                await Task.Delay(FirstDelay * Math.Pow(2, attempt - 1), cancellationToken);
            }
        }
    }

    private async Task<bool> SendAsync(string key, byte[] content, string mediaType, bool onlyNew, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content, writable: false);
        var args = new PutObjectArgs().WithBucket(_bucket).WithObject(_prefix + key)
            .WithStreamData(stream).WithObjectSize(content.Length).WithContentType(mediaType);
        // A header of one's own would be sent as metadata: the client has this way for If-None-Match.
        await _client.PutObjectAsync(onlyNew ? args.WithNotMatchETag("*") : args, cancellationToken);
        return true;
    }
}
