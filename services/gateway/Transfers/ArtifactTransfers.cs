using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Web;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Options;

namespace IntraDA.Gateway.Transfers;

/// <summary>Bytes into the store and out of it.</summary>
internal sealed class ArtifactTransfers(IArtifactStore store, LinkSigner links, LimitOptions limits, TimeProvider time)
{
    private const int DefaultLifetime = 3600;
    private const int MaxLifetime = 604_800;

    public async Task<UploadArtifactResponse> UploadAsync(
        IAsyncStreamReader<UploadArtifactRequest> requests, CancellationToken cancellationToken)
    {
        if (!await requests.NextAsync(cancellationToken).ConfigureAwait(false)
            || requests.Current.MessageCase != UploadArtifactRequest.MessageOneofCase.Header)
        {
            throw ServiceException.InvalidArgument("header", "The first message of an upload carries the header.");
        }

        var header = requests.Current.Header;
        var validator = new RequestValidator();
        validator.Require(
            ArtifactKey.IsDigest(header.Sha256), "header.sha256", "A digest has 64 lower-case hexadecimal digits.");
        validator.Require(
            header.SizeBytes >= 0 && header.SizeBytes <= limits.MaxUploadBytes, "header.size_bytes", $"A size is in 0..{limits.MaxUploadBytes}.");
        validator.Require(MediaTypes.IsValid(header.MediaType), "header.media_type", MediaTypes.Rule);
        validator.ThrowIfAny();
        var content = new UploadStream(requests, header);
        await using (content.ConfigureAwait(false))
        {
            var artifact = await store
                .PutAsync($"uploads/{header.Sha256}", content, header.MediaType, cancellationToken).ConfigureAwait(false);
            return new UploadArtifactResponse { Artifact = artifact };
        }
    }

    public async Task DownloadAsync(
        DownloadArtifactRequest request, IServerStreamWriter<DownloadArtifactResponse> responses, CancellationToken cancellationToken)
    {
        var validator = new RequestValidator();
        validator.RequireArtifact(request.Artifact, "artifact");
        validator.ThrowIfAny();
        var content = new DownloadStream(responses);
        await using (content.ConfigureAwait(false))
        {
            await store.CopyToAsync(request.Artifact, content, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<CreateDownloadLinkResponse> LinkAsync(CreateDownloadLinkRequest request, CancellationToken cancellationToken)
    {
        var validator = new RequestValidator();
        validator.RequireArtifact(request.Artifact, "artifact");
        // It becomes a header of the answer.
        validator.Require(
            request.Artifact is not { MediaType.Length: > 0 } || MediaTypes.IsValid(request.Artifact.MediaType), "artifact.media_type", MediaTypes.Rule);
        validator.Require(
            request.LifetimeSeconds is >= 0 and <= MaxLifetime, "lifetime_seconds", $"A lifetime is in 1..{MaxLifetime}; 0 means {DefaultLifetime}.");
        validator.ThrowIfAny();
        if (await store.GetSizeAsync(request.Artifact.Key, cancellationToken).ConfigureAwait(false) is null)
        {
            throw new ArtifactNotFoundException(request.Artifact.Key);
        }

        var lifetime = TimeSpan.FromSeconds(request.LifetimeSeconds == 0 ? DefaultLifetime : request.LifetimeSeconds);
        var expires = time.GetUtcNow() + lifetime;
        var link = await store.CreateDownloadLinkAsync(request.Artifact, lifetime, cancellationToken).ConfigureAwait(false)
            ?? links.Sign(request.Artifact, expires);
        return new CreateDownloadLinkResponse { Url = link.AbsoluteUri, ExpireTime = Timestamp.FromDateTimeOffset(expires) };
    }
}
