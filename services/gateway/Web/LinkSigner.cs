using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Web;

/// <summary>Makes and checks links to artefacts for stores that make none. The key lives as long as the process.</summary>
internal sealed class LinkSigner(IRandomSource random, WebAddress address, TimeProvider time)
{
    private readonly byte[] _key = random.Next(32);

    public Uri Sign(Artifact artifact, DateTimeOffset expires)
    {
        var seconds = expires.ToUnixTimeSeconds();
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"artifacts/{artifact.Key}?sha256={artifact.Sha256}&size={artifact.SizeBytes}&type={Uri.EscapeDataString(artifact.MediaType)}&expires={seconds}&signature={SignatureOf(artifact, seconds)}");
        return new Uri(address.Base, query);
    }

    /// <summary>Whether this process signed the link and its time is not over.</summary>
    public bool IsValid(Artifact artifact, long expires, string signature) =>
        expires > time.GetUtcNow().ToUnixTimeSeconds()
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(SignatureOf(artifact, expires)), Encoding.ASCII.GetBytes(signature));

    private string SignatureOf(Artifact artifact, long expires)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{artifact.Key}\n{artifact.Sha256}\n{artifact.SizeBytes}\n{artifact.MediaType}\n{expires}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
    }
}
