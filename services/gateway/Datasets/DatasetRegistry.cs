using System.Security.Cryptography;
using System.Text;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;
using IntraDA.Gateway.Workflows.State;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Options;

namespace IntraDA.Gateway.Datasets;

/// <summary>The registered data sets: a name for a manifest each, kept in the store.</summary>
internal sealed class DatasetRegistry(IArtifactStore store, DatasetRoots roots, LimitOptions limits)
{
    private const string Prefix = "datasets/";
    private const string Suffix = ".json";

    private readonly DatasetFileReader _files = new(store, limits.ToImages());

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64
        && name is not ("." or "..")
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');

    /// <summary>Registers a manifest that was made here.</summary>
    public async Task<Dataset> RegisterAsync(string name, DatasetManifest manifest, CancellationToken cancellationToken)
    {
        var bytes = DatasetManifestJson.Serialize(manifest);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var artifact = await store
            .PutBytesAsync($"manifests/{digest}.json", bytes, DatasetManifest.MediaType, cancellationToken)
            .ConfigureAwait(false);
        return await SaveAsync(manifest.ToProto(name, artifact), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Registers a manifest that was uploaded.</summary>
    public async Task<Dataset> RegisterAsync(string name, Artifact artifact, CancellationToken cancellationToken)
    {
        var manifest = await InputFields.NameAsync("manifest", ReadManifestAsync(artifact, cancellationToken)).ConfigureAwait(false);
        if (manifest.Root is { } root)
        {
            roots.Require(root, "manifest.root");
        }

        return await SaveAsync(manifest.ToProto(name, artifact), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The data set under a name, or null.</summary>
    public async Task<Dataset?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await store
                .ReadBytesAsync(new Artifact { Key = Prefix + name + Suffix }, 1 << 20, cancellationToken)
                .ConfigureAwait(false);
            return ProtoJson.Parse<Dataset>(bytes);
        }
        catch (ArtifactNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The data set under a name.</summary>
    /// <exception cref="ServiceException">INVALID_ARGUMENT or NOT_FOUND.</exception>
    public async Task<Dataset> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (!IsName(name))
        {
            throw ServiceException.InvalidArgument("dataset", $"'{name}' is not a data set's name: 1 to 64 characters of [a-z0-9._-].");
        }

        return await FindAsync(name, cancellationToken).ConfigureAwait(false) ?? throw ServiceException.NotFound("data set", name);
    }

    /// <summary>A page of data sets in the order of their names, after a name.</summary>
    public async Task<(IReadOnlyList<Dataset> Page, string? LastOfPage)> ListAsync(
        string after, int pageSize, CancellationToken cancellationToken)
    {
        var page = new List<Dataset>();
        await foreach (var key in store.ListAsync(Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!key.EndsWith(Suffix, StringComparison.Ordinal))
            {
                continue;
            }

            var name = key[Prefix.Length..^Suffix.Length];
            // Compared as keys: '-' stands before the '.' of the suffix, so names alone have another order.
            if (!IsName(name) || (after.Length > 0 && string.CompareOrdinal(key, Prefix + after + Suffix) <= 0))
            {
                continue;
            }

            if (page.Count == pageSize)
            {
                return (page, page[^1].Name);
            }

            if (await FindAsync(name, cancellationToken).ConfigureAwait(false) is { } dataset)
            {
                page.Add(dataset);
            }
        }

        return (page, null);
    }

    /// <summary>The manifest that a data set stands for.</summary>
    public async Task<DatasetManifest> ReadManifestAsync(Artifact artifact, CancellationToken cancellationToken)
    {
        if (artifact.SizeBytes > limits.MaxManifestBytes)
        {
            throw new DatasetException(
                $"The manifest '{artifact.Key}' has {artifact.SizeBytes} bytes; the limit is {limits.MaxManifestBytes} (Limits:MaxManifestBytes).");
        }

        var bytes = await store.ReadBytesAsync(artifact, limits.MaxManifestBytes, cancellationToken).ConfigureAwait(false);
        return DatasetManifestJson.Parse(bytes, artifact.Key);
    }

    /// <summary>Width and height in pixels of a data set's first image.</summary>
    public async Task<(int Width, int Height)> FirstImageSizeAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        var manifest = await ReadManifestAsync(dataset.Manifest, cancellationToken).ConfigureAwait(false);
        var bytes = await _files.ReadAsync(manifest, manifest.Items[0].Image, cancellationToken).ConfigureAwait(false);
        var header = ImageHeader.Read(bytes, manifest.Items[0].Image.Path, limits.ToImages());
        return (header.Width, header.Height);
    }

    private async Task<Dataset> SaveAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(ProtoJson.Format(dataset));
        await store.PutBytesAsync(Prefix + dataset.Name + Suffix, bytes, "application/json", cancellationToken).ConfigureAwait(false);
        return dataset;
    }
}
