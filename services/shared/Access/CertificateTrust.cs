using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IntraDA.Access;

/// <summary>Trusts certificates of one's own authority, and only those.</summary>
public sealed class CertificateTrust
{
    private readonly X509Certificate2Collection _roots;

    private CertificateTrust(X509Certificate2Collection roots) => _roots = roots;

    /// <summary>Reads the authority's certificates.</summary>
    /// <param name="path">PEM file of one or more certificates.</param>
    /// <returns>The trust in them.</returns>
    /// <exception cref="KeyFileException">The file cannot be read, or holds none.</exception>
    public static CertificateTrust Read(string path)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KeyFileException($"The certificate file '{path}' cannot be read; a PEM file is needed.", e);
        }

        return roots.Count > 0
            ? new CertificateTrust(roots)
            : throw new KeyFileException($"The certificate file '{path}' holds no certificate; a PEM file is needed.");
    }

    /// <summary>Whether a certificate was issued by one of the authorities and is valid now.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>True where it is.</returns>
    public bool Issued(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        // Private authorities publish no lists of what they revoked.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    /// <summary>Whether a server is who it says: its name is right, and one of the authorities vouches for it.</summary>
    /// <param name="certificate">As the server presented it.</param>
    /// <param name="errors">What the platform found.</param>
    /// <returns>True where it is.</returns>
    public bool IsServer(X509Certificate? certificate, SslPolicyErrors errors) =>
        certificate is X509Certificate2 presented
        && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
        && Issued(presented);
}
