using System.Globalization;
using IntraDA.Hosting.Options;

namespace IntraDA.Standalone;

/// <summary>Command line of the four services in one process.</summary>
internal sealed record StandaloneOptions
{
    /// <summary>Ports between the gateway's and the last service's, both counted.</summary>
    private const int PortCount = 5;

    /// <summary>Directory of everything that is kept.</summary>
    public required string Home { get; init; }

    /// <summary>The gateway's port; the segmenter, the ranker, the trainer and the web port follow it. Null: free ones.</summary>
    public int? Port { get; init; }

    /// <summary>URL on which the gateway listens where it is to be reached by others; null: loopback. The services behind it stay on loopback.</summary>
    public Uri? Gateway { get; init; }

    /// <summary>End when standard input closes: nobody is left who would end this process.</summary>
    public bool ExitWithStdin { get; init; }

    /// <summary>What is left, for every service: <c>--Key value</c>.</summary>
    public required IReadOnlyList<string> ServiceArgs { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It cannot be understood; one sentence.</exception>
    public static StandaloneOptions Parse(IReadOnlyList<string> args)
    {
        var home = HomeDirectory.Default;
        int? port = null;
        Uri? gateway = null;
        var exitWithStdin = false;
        var rest = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--home":
                    home = Path.GetFullPath(Value(args, ref i));
                    break;
                case "--port":
                    port = ParsePort(Value(args, ref i));
                    break;
                case "--listen":
                    gateway = ParseListen(Value(args, ref i));
                    break;
                case "--exit-with-stdin":
                    exitWithStdin = true;
                    break;
                default:
                    rest.Add(args[i]);
                    break;
            }
        }

        return new() { Home = home, Port = gateway is { IsDefaultPort: false, Port: > 0 } ? gateway.Port : port, Gateway = gateway, ExitWithStdin = exitWithStdin, ServiceArgs = rest };
    }

    /// <summary>URL of the service that stands so far behind the gateway in the order gateway, segmenter, ranker, trainer, web.</summary>
    /// <remarks>The gateway (0) and the web port (4) are those that others may reach.</remarks>
    public string Listen(int offset)
    {
        var host = Gateway is not null && offset is 0 or 4 ? $"{Gateway.Scheme}://{Gateway.Host}" : "http://127.0.0.1";
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{(Port is { } port ? port + offset : 0)}");
    }

    // Whether such a URL may be listened on is the services' own rule.
    private static Uri ParseListen(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/" && uri.Port <= 65_536 - PortCount
            ? uri
            : throw new FormatException($"--listen: '{text}' is not a URL such as https://0.0.0.0:7410; the four ports after it are used too.");

    private static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_536 - PortCount
            ? port
            : throw new FormatException($"--port: '{text}' is not in 1..{65_536 - PortCount}; the four ports after it are used too.");

    private static string Value(IReadOnlyList<string> args, ref int i) =>
        ++i < args.Count ? args[i] : throw new FormatException($"{args[i - 1]} needs a value.");
}
