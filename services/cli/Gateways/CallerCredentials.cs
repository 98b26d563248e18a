using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntraDA.Access;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Gateways;

/// <summary>How this user makes itself known to services, and whom it trusts.</summary>
/// <param name="Key">API key; null: none is sent.</param>
/// <param name="Trust">Authority of the services' certificates; null: the system's.</param>
/// <param name="Certificate">Client certificate; null: none is shown.</param>
internal sealed record CallerCredentials(string? Key, CertificateTrust? Trust, X509Certificate2? Certificate)
{
    /// <summary>Nothing is sent, the system's authorities are trusted.</summary>
    public static CallerCredentials None { get; } = new(null, null, null);

    /// <summary>Reads what the user gave.</summary>
    /// <param name="key">The key itself, as the environment holds it.</param>
    /// <param name="keyFile">File that holds the key; wins over <paramref name="key"/>.</param>
    /// <param name="caFile">PEM file of the authority.</param>
    /// <param name="certificateFile">PEM file of client certificate and key.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="CliException">A file cannot be read, or the key has not the form of one.</exception>
    public static CallerCredentials Read(string? key, string? keyFile, string? caFile, string? certificateFile)
    {
        try
        {
            key = keyFile is not null ? File.ReadAllText(keyFile).Trim() : key?.Trim();
            if (key is not null && !ApiKey.IsWellFormed(key))
            {
                // A header with such characters would be refused by the library, in an error that quotes it.
                throw new CliException(
                    $"{(keyFile is not null ? keyFile : "INTRADA_API_KEY")} holds no API key: {ApiKey.MinLength} to {ApiKey.MaxLength} visible characters are needed");
            }

            return new CallerCredentials(
                key,
                caFile is null ? null : CertificateTrust.Read(caFile),
                certificateFile is null ? null : X509Certificate2.CreateFromPemFile(certificateFile));
        }
        catch (KeyFileException exception)
        {
            throw new CliException(exception.Message.TrimEnd('.'));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CliException($"a file of credentials cannot be used: {exception.Message.TrimEnd('.')}");
        }
    }

    /// <summary>How connections are encrypted.</summary>
    /// <returns>New options.</returns>
    public SslClientAuthenticationOptions ToTls()
    {
        var tls = new SslClientAuthenticationOptions();
        if (Trust is { } trust)
        {
            tls.RemoteCertificateValidationCallback = (_, certificate, _, errors) => trust.IsServer(certificate, errors);
        }

        if (Certificate is { } own)
        {
            tls.ClientCertificates = [own];
        }

        return tls;
    }

    // The generated form would print the key.
    /// <inheritdoc/>
    public override string ToString() => Key is null ? "no key" : "a key";
}
