using System.Security.Cryptography;
using Google.Protobuf;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Transfers;

/// <summary>Sends files to the gateway's store.</summary>
/// <param name="client">The gateway.</param>
internal sealed class ArtifactUploader(GatewayService.GatewayServiceClient client)
{
    private const int ChunkBytes = 512 * 1024;

    /// <summary>Sends a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="cancellationToken">Stops; nothing is stored then.</param>
    /// <returns>Where it lies in the store.</returns>
    public async Task<Artifact> UploadFileAsync(string path, string mediaType, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        return await UploadStreamAsync(stream, mediaType, cancellationToken);
    }

    /// <summary>Sends what a callback writes.</summary>
    /// <param name="write">Writes all bytes into a temporary file.</param>
    /// <param name="mediaType">Their media type.</param>
    /// <param name="cancellationToken">Stops; nothing is stored then.</param>
    /// <returns>Where they lie in the store.</returns>
    public async Task<Artifact> UploadWrittenAsync(
        Func<Stream, CancellationToken, Task> write, string mediaType, CancellationToken cancellationToken)
    {
        await using var stream = SpoolFile.Create();
        await write(stream, cancellationToken);
        return await UploadStreamAsync(stream, mediaType, cancellationToken);
    }

    /// <summary>Sends bytes.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="mediaType">Their media type.</param>
    /// <param name="cancellationToken">Stops; nothing is stored then.</param>
    /// <returns>Where they lie in the store.</returns>
    public Task<Artifact> UploadBytesAsync(byte[] content, string mediaType, CancellationToken cancellationToken) =>
        UploadAsync(
            new MemoryStream(content, writable: false),
            content.Length,
            Convert.ToHexStringLower(SHA256.HashData(content)),
            mediaType,
            cancellationToken);

    private async Task<Artifact> UploadStreamAsync(FileStream stream, string mediaType, CancellationToken cancellationToken)
    {
        stream.Position = 0;
        var digest = await SHA256.HashDataAsync(stream, cancellationToken);
        stream.Position = 0;
        return await UploadAsync(stream, stream.Length, Convert.ToHexStringLower(digest), mediaType, cancellationToken);
    }

    private async Task<Artifact> UploadAsync(
        Stream content, long size, string sha256, string mediaType, CancellationToken cancellationToken)
    {
        using var call = client.UploadArtifact(cancellationToken: cancellationToken);
        try
        {
            await SendAsync(new UploadArtifactRequest { Header = new UploadHeader { Sha256 = sha256, SizeBytes = size, MediaType = mediaType } });
            var buffer = new byte[ChunkBytes];
            int read;
            while (!call.ResponseAsync.IsCompleted
                && (read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                await SendAsync(new UploadArtifactRequest { Chunk = ByteString.CopyFrom(buffer, 0, read) });
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is InvalidOperationException or Grpc.Core.RpcException)
        {
            // The gateway ended the call before the last chunk: its answer below says why, this exception does not.
        }

        return (await call.ResponseAsync).Artifact;

        // A large write that the gateway's answer overtakes may never end.
        async Task SendAsync(UploadArtifactRequest message) =>
            await await Task.WhenAny(call.RequestStream.WriteAsync(message, cancellationToken), call.ResponseAsync);
    }
}
