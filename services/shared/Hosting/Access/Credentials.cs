using System.Security.Cryptography.X509Certificates;
using IntraDA.Access;
using IntraDA.Hosting.Options;
using Microsoft.Extensions.Logging;

namespace IntraDA.Hosting.Access;

/// <summary>What this service knows of others and of itself: accepted keys and certificates, and its own key.</summary>
public sealed class Credentials
{
    private const string UnitOid = "2.5.4.11";
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly AuthOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Credentials> _logger;
    private readonly CertificateTrust? _clients;
    private readonly KeyRing _own;
    private readonly Lock _reading = new();
    private volatile KeyRing _ring = KeyRing.Empty;
    private DateTime _readAs;
    private long _looked;

    /// <summary>Reads all files that the options name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="time">Clock of the looks at the key file.</param>
    /// <param name="logger">Told when a changed key file cannot be used.</param>
    /// <exception cref="KeyFileException">A file cannot be used.</exception>
    public Credentials(ServiceHostOptions options, TimeProvider time, ILogger<Credentials> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options.Auth;
        _time = time;
        _logger = logger;
        ServiceKey = ReadServiceKey(_options);
        _own = ServiceKey is null ? KeyRing.Empty : new KeyRing([new KeyRecord(new Caller("service", CallerRole.Service), ApiKey.Hash(ServiceKey))]);
        _clients = _options.ClientCaFile.Length > 0 ? CertificateTrust.Read(_options.ClientCaFile) : null;
        Servers = _options.TrustedCaFile.Length > 0 ? CertificateTrust.Read(_options.TrustedCaFile) : null;
        if (_options.KeysFile.Length > 0)
        {
            _ring = KeyFile.Read(_options.KeysFile);
            _readAs = File.GetLastWriteTimeUtc(_options.KeysFile);
            _looked = time.GetTimestamp();
        }
    }

    /// <summary>Whether callers must say who they are.</summary>
    public bool AreNeeded => _options.IsOn;

    /// <summary>Whether client certificates are looked at.</summary>
    public bool AcceptsCertificates => _clients is not null;

    /// <summary>The key that this service sends with its calls to others; null where it has none.</summary>
    internal string? ServiceKey { get; }

    /// <summary>The authority behind other services' certificates; null: the system's.</summary>
    internal CertificateTrust? Servers { get; }

    /// <summary>Whose key this is.</summary>
    /// <param name="key">As it was presented.</param>
    /// <returns>The caller; null where it is nobody's.</returns>
    internal Caller? FindKey(string key)
    {
        if (!ApiKey.IsWellFormed(key))
        {
            return null;
        }

        var own = _own.Find(key);
        return CurrentRing().Find(key) ?? own;
    }

    /// <summary>Whether a client's certificate comes from the authority.</summary>
    internal bool IsAccepted(X509Certificate2 certificate) => _clients?.IsClient(certificate) == true;

    /// <summary>Who a client's certificate says it is.</summary>
    /// <returns>The caller; null where its subject names no role.</returns>
    internal Caller? FindCertificate(X509Certificate2 certificate)
    {
        if (!IsAccepted(certificate))
        {
            return null;
        }

        var role = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == UnitOid)
            .Select(part => CallerRoles.Parse(part.GetSingleElementValue()))
            .FirstOrDefault(found => found is not null);
        return role is { } known ? new Caller($"certificate {certificate.Thumbprint[..12].ToLowerInvariant()}", known) : null;
    }

    private static string? ReadServiceKey(AuthOptions options)
    {
        var key = options.ServiceKey;
        if (options.ServiceKeyFile.Length > 0)
        {
            try
            {
                key = File.ReadAllText(options.ServiceKeyFile).Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new KeyFileException($"Auth:ServiceKeyFile: '{options.ServiceKeyFile}' cannot be read.", e);
            }
        }

        return key.Length == 0 ? null
            : ApiKey.IsWellFormed(key) ? key
            : throw new KeyFileException(
                $"Auth:ServiceKey: {ApiKey.MinLength} to {ApiKey.MaxLength} visible ASCII characters are needed; `openssl rand -hex 32` makes such a key.");
    }

    // A key that is taken out of the file is to lose its power without a restart of everything.
    private KeyRing CurrentRing()
    {
        if (_options.KeysFile.Length == 0 || _time.GetElapsedTime(Interlocked.Read(ref _looked)) < LookInterval)
        {
            return _ring;
        }

        lock (_reading)
        {
            Interlocked.Exchange(ref _looked, _time.GetTimestamp());
            try
            {
                // A file that is not there has a time too, its own.
                var changed = File.GetLastWriteTimeUtc(_options.KeysFile);
                if (changed != _readAs)
                {
                    Take(File.Exists(_options.KeysFile) ? KeyFile.Read(_options.KeysFile) : null);
                    _readAs = changed;
                }
            }
            catch (KeyFileException e)
            {
                _logger.LogWarning("{Message} The keys read before stay in force.", e.Message);
            }

            return _ring;
        }
    }

    private void Take(KeyRing? ring)
    {
        _ring = ring ?? KeyRing.Empty;
        if (ring is null)
        {
            _logger.LogWarning("{File} is gone: no key is accepted until it is back", _options.KeysFile);
        }
        else
        {
            _logger.LogInformation("{File} was read again: {Count} keys", _options.KeysFile, ring.Records.Count);
        }
    }
}
