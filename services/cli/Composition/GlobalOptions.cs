using System.CommandLine;

namespace IntraDA.Cli.Composition;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    /// <summary>Print JSON lines instead of text.</summary>
    public Option<bool> Json { get; } = new("--json")
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
}
