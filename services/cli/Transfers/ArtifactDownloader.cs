using System.Security.Cryptography;
using Grpc.Core;
using IntraDA.Cli.Errors;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Transfers;

/// <summary>Fetches artefacts from the gateway's store.</summary>
/// <param name="client">The gateway.</param>
internal sealed class ArtifactDownloader(GatewayService.GatewayServiceClient client)
{
    /// <summary>Fetches an artefact into a file. The file appears only when all bytes are there and verified.</summary>
    /// <param name="artifact">What to fetch.</param>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="cancellationToken">Stops; no file is left.</param>
    /// <returns>A task that ends with the transfer.</returns>
    /// <exception cref="CliException">The bytes that came are not those of the reference.</exception>
    public async Task DownloadAsync(Artifact artifact, string path, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        var part = full + ".part";
        using var call = client.DownloadArtifact(new DownloadArtifactRequest { Artifact = artifact }, cancellationToken: cancellationToken);
        // What is refused shows with the first piece: until then there is no reason to make a folder.
        var isMore = await call.ResponseStream.MoveNext(cancellationToken);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                for (; isMore; isMore = await call.ResponseStream.MoveNext(cancellationToken))
                {
                    var piece = call.ResponseStream.Current;
                    hash.AppendData(piece.Chunk.Span);
                    await file.WriteAsync(piece.Chunk.Memory, cancellationToken);
                }
            }

            if (artifact.Sha256.Length > 0 && Convert.ToHexStringLower(hash.GetHashAndReset()) != artifact.Sha256)
            {
                throw new CliException($"{artifact.Key} was damaged on the way: its digest is not {artifact.Sha256}; fetch it again");
            }

            File.Move(part, full, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Fetches a small artefact into memory.</summary>
    /// <param name="artifact">What to fetch.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Its bytes.</returns>
    public async Task<byte[]> DownloadBytesAsync(Artifact artifact, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        using var call = client.DownloadArtifact(new DownloadArtifactRequest { Artifact = artifact }, cancellationToken: cancellationToken);
        await foreach (var piece in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            content.Write(piece.Chunk.Span);
        }

        return content.ToArray();
    }
}
