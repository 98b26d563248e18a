using IntraDA.Hosting.Options;

namespace IntraDA.Gateway.Options;

/// <summary>The HTTP/1.1 port: configuration section "Web".</summary>
public sealed class WebOptions
{
    /// <summary>URL to listen on.</summary>
    /// <value>Default <c>http://127.0.0.1:7414</c>; port 0 takes a free one.</value>
    public string Listen { get; set; } = "http://127.0.0.1:7414";

    /// <summary>How users reach this port, where it is not <see cref="Listen"/>: the beginning of download links.</summary>
    /// <value>Default empty: the address that the port really got.</value>
    public string PublicUrl { get; set; } = "";

    /// <summary>Serve reports and links to the network without TLS; <see cref="ServiceHostOptions.Insecure"/> says so for this port, too.</summary>
    public bool Insecure { get; set; }

    /// <summary>What is wrong with the port, given what holds for the whole service.</summary>
    internal IEnumerable<string> Validate(ServiceHostOptions host)
    {
        if (!Uri.TryCreate(Listen, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            yield return $"Web:Listen: '{Listen}' is not a URL such as http://127.0.0.1:7414.";
            yield break;
        }

        if (uri.Scheme == "http" && !ServiceHostOptions.IsLoopback(uri) && !Insecure && !host.Insecure)
        {
            yield return $"Web:Listen: {Listen} is open to the network without TLS; use https, put a proxy before it, or say --Web:Insecure true.";
        }

        if (!ServiceHostOptions.IsLoopback(uri) && !host.Auth.IsOn)
        {
            yield return $"Web:Listen: {Listen} is open to the network, but callers need not say who they are; give Auth:KeysFile.";
        }

        if (uri.Scheme == "https" && (!File.Exists(host.CertificateFile) || !File.Exists(host.KeyFile)))
        {
            yield return "Web:Listen: https needs CertificateFile and KeyFile.";
        }
    }
}
