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

    /// <summary>Serve reports and links to the network without TLS.</summary>
    public bool Insecure { get; set; }
}
