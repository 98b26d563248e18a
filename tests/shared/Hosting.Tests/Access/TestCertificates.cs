using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IntraDA.Hosting.Tests.Access;

/// <summary>An authority with a server and clients, as PEM files in a folder that goes with the test.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("intrada-access-").FullName;
    private readonly X509Certificate2 _authority;
    private byte _serial;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(Begin, End);
        File.WriteAllText(this["ca.pem"], _authority.ExportCertificatePem());
        Issue("server", "CN=127.0.0.1, OU=service");
    }

    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Issues a certificate: NAME.pem, NAME.key; with a use (an extended key usage) it is for nothing else.</summary>
    public X509Certificate2 Issue(string name, string subject, string? use = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        if (use is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        }

        using var signed = request.Create(_authority, Begin, End, [++_serial, 1]);
        File.WriteAllText(this[name + ".pem"], signed.ExportCertificatePem());
        File.WriteAllText(this[name + ".key"], key.ExportPkcs8PrivateKeyPem());
        return X509Certificate2.CreateFromPemFile(this[name + ".pem"], this[name + ".key"]);
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
