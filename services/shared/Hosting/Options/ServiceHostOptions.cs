using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IntraDA.Hosting.Options;

/// <summary>Where a service listens, and how large a message may be. Bound from the root of the configuration.</summary>
public sealed class ServiceHostOptions : IValidatableObject
{
    /// <summary>URL to listen on.</summary>
    /// <value>Default: <c>http://127.0.0.1:</c> and the service's own port. Port 0 takes a free one.</value>
    [Required]
    public string Listen { get; set; } = "";

    /// <summary>Listen on a network without TLS.</summary>
    /// <value>Default false: a service that others can reach refuses to start without TLS.</value>
    public bool Insecure { get; set; }

    /// <summary>PEM file with the server's certificate; needed for an https URL.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the certificate's key; needed for an https URL.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Who may call.</summary>
    /// <value>Default: everybody, on loopback; a service that others can reach refuses to start so.</value>
    public AuthOptions Auth { get; set; } = new();

    /// <summary>The log.</summary>
    public LogOptions Log { get; set; } = new();

    /// <summary>Seconds that a service that is told to end takes for what it still has to do: a trainer for a last checkpoint.</summary>
    /// <value>Default 3, 1 to 3,600. Whoever ends it has to wait longer than that.</value>
    [Range(1, 3600)]
    public double ShutdownSeconds { get; set; } = 3;

    /// <summary>Largest message in bytes, sent or received, on every hop.</summary>
    /// <value>Default 41,943,040 (40 MiB): an image of the largest accepted size, with its maps.</value>
    [Range(65_536, 1_073_741_824)]
    public int MaxMessageBytes { get; set; } = 40 * 1024 * 1024;

    /// <summary>Whether only this machine can reach an address.</summary>
    /// <param name="address">Absolute URL.</param>
    /// <returns>True for "localhost" and loopback addresses.</returns>
    public static bool IsLoopback(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Host == "localhost"
            || (IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(Listen, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            yield return new($"Listen: '{Listen}' is not a URL such as http://127.0.0.1:7410.", [nameof(Listen)]);
            yield break;
        }

        if (uri.Host != "localhost" && !IPAddress.TryParse(uri.IdnHost.Trim('[', ']'), out _))
        {
            yield return new(
                $"Listen: '{uri.Host}' is not an IP address; use 127.0.0.1, or 0.0.0.0 for every interface.", [nameof(Listen)]);
        }

        if (uri.Scheme == "http" && !IsLoopback(uri) && !Insecure)
        {
            yield return new(
                $"Listen: {Listen} is open to the network without TLS; use https with CertificateFile and KeyFile, or say --insecure.",
                [nameof(Listen)]);
        }

        if (!IsLoopback(uri) && !Auth.IsOn)
        {
            yield return new(
                $"Listen: {Listen} is open to the network, but callers need not say who they are; give Auth:KeysFile (`intrada keys create` makes one), Auth:ServiceKeyFile or Auth:ClientCaFile.",
                [nameof(Auth)]);
        }

        if (Auth.ClientCaFile.Length > 0 && uri.Scheme != "https")
        {
            yield return new("Auth:ClientCaFile: client certificates need an https URL in Listen.", [nameof(Auth)]);
        }

        if (Auth.ServiceKey.Length > 0 && Auth.ServiceKeyFile.Length > 0)
        {
            yield return new("Auth: give ServiceKey or ServiceKeyFile, not both.", [nameof(Auth)]);
        }

        if (uri.Scheme == "https")
        {
            if (!File.Exists(CertificateFile))
            {
                yield return new($"CertificateFile: https needs a PEM file; '{CertificateFile}' does not exist.", [nameof(CertificateFile)]);
            }

            if (!File.Exists(KeyFile))
            {
                yield return new($"KeyFile: https needs a PEM file; '{KeyFile}' does not exist.", [nameof(KeyFile)]);
            }

            if (File.Exists(CertificateFile) && File.Exists(KeyFile) && !IsPair(CertificateFile, KeyFile))
            {
                yield return new($"CertificateFile: '{CertificateFile}' and '{KeyFile}' are not a PEM certificate and its key.", [nameof(CertificateFile)]);
            }
        }
    }

    private static bool IsPair(string certificateFile, string keyFile)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
