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
                case "--exit-with-stdin":
                    exitWithStdin = true;
                    break;
                default:
                    rest.Add(args[i]);
                    break;
            }
        }

        return new() { Home = home, Port = port, ExitWithStdin = exitWithStdin, ServiceArgs = rest };
    }

    /// <summary>URL of the service that stands so far behind the gateway in the order gateway, segmenter, ranker, trainer, web.</summary>
    public string Listen(int offset) =>
        string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{(Port is { } port ? port + offset : 0)}");

    private static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_536 - PortCount
            ? port
            : throw new FormatException($"--port: '{text}' is not in 1..{65_536 - PortCount}; the four ports after it are used too.");

    private static string Value(IReadOnlyList<string> args, ref int i) =>
        ++i < args.Count ? args[i] : throw new FormatException($"{args[i - 1]} needs a value.");
}
