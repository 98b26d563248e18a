using System.CommandLine;
using IntraDA.Cli.Gateways;

namespace IntraDA.Cli.Composition;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    /// <summary>Name of <see cref="Json"/>.</summary>
    public const string JsonName = "--json";

    /// <summary>Print JSON lines instead of text.</summary>
    public Option<bool> Json { get; } = new(JsonName)
    {
        Description = "Print one JSON object a line; the last line is the result.",
        Recursive = true,
    };

    /// <summary>Address of the gateway.</summary>
    public Option<string?> Gateway { get; } = new("--gateway")
    {
        Description =
            "Address of the gateway, e.g. http://127.0.0.1:7410 (or INTRADA_GATEWAY). " +
            "Without it: the one that `serve` runs here, else services are started for this command alone.",
        HelpName = "ADDRESS",
        Recursive = true,
    };

    /// <summary>File of the API key.</summary>
    public Option<string?> ApiKeyFile { get; } = new("--api-key-file")
    {
        Description = "File that holds the API key for a gateway that asks who calls (or the key itself in INTRADA_API_KEY).",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Authority of https gateways.</summary>
    public Option<string?> CaFile { get; } = new("--ca-file")
    {
        Description = "PEM certificate of the authority behind an https gateway, where the system does not know it (or INTRADA_CA_FILE).",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Client certificate.</summary>
    public Option<string?> ClientCertificate { get; } = new("--client-certificate")
    {
        Description = "PEM file of a client certificate and its key, for mutual TLS (or INTRADA_CLIENT_CERTIFICATE).",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>How the user makes itself known.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="host">The process, whose environment stands in for options that are not given.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="Errors.CliException">A file cannot be used.</exception>
    public CallerCredentials CredentialsOf(ParseResult parsed, CliHost host) => CallerCredentials.Read(
        host.Variable("INTRADA_API_KEY"),
        parsed.GetValue(ApiKeyFile),
        parsed.GetValue(CaFile) ?? host.Variable("INTRADA_CA_FILE"),
        parsed.GetValue(ClientCertificate) ?? host.Variable("INTRADA_CLIENT_CERTIFICATE"));
}
