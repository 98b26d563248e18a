using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IntraDA.Access;

/// <summary>Trusts certificates of one's own authority, and only those.</summary>
public sealed class CertificateTrust
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

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

    /// <summary>Whether one of the authorities issued a certificate, it is valid now, and it was issued for clients or says nothing of its use.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>True where it is.</returns>
    public bool IsClient(X509Certificate2 certificate) => IsIssued(certificate, ClientUse);

    /// <summary>Whether a server is who it says: its name is right, and one of the authorities vouches for it.</summary>
    /// <param name="certificate">As the server presented it.</param>
    /// <param name="errors">What the platform found.</param>
    /// <returns>True where it is.</returns>
    public bool IsServer(X509Certificate? certificate, SslPolicyErrors errors) =>
        certificate is X509Certificate2 presented
        && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
        && IsIssued(presented, ServerUse);

    private bool IsIssued(X509Certificate2 certificate, string use)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        // Extended key usage: a certificate without any may be used for everything.
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(use));
        // Private authorities publish no lists of what they revoked.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
