using System.Net;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Gateways;

/// <summary>Addresses as users type them.</summary>
internal static class GatewayAddress
{
    /// <summary>Reads an address.</summary>
    /// <param name="text"><c>http://host:port</c>, <c>https://host:port</c>, <c>host:port</c> or <c>host</c> (port 7410).</param>
    /// <param name="option">What the user set, for the error message.</param>
    /// <param name="defaultPort">Port where none is named.</param>
    /// <returns>The address, without a path.</returns>
    /// <exception cref="CliException">It is no such address.</exception>
    public static Uri Parse(string text, string option, int defaultPort = 7410)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (!Uri.TryCreate(full, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
            || address.Host.Length == 0
            || address.AbsolutePath is not ("/" or ""))
        {
            throw new CliException($"{option} is no address: \"{text}\"; write it like http://127.0.0.1:{defaultPort}");
        }

        var hasPort = !address.IsDefaultPort || full.EndsWith(":" + address.Port, StringComparison.Ordinal);
        return hasPort ? address : new UriBuilder(address) { Port = address.Scheme == "http" ? defaultPort : address.Port }.Uri;
    }

    /// <summary>Whether an address means this machine, so that services behind it see this machine's files.</summary>
    /// <param name="address">The address.</param>
    /// <returns>True for loopback addresses.</returns>
    public static bool IsLocal(Uri address) =>
        address.IsLoopback || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
