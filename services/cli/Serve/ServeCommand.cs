using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Gateways;
using IntraDA.Cli.Transfers;
using Spectre.Console;

namespace IntraDA.Cli.Serve;

/// <summary><c>serve</c>: runs all four services on this machine until it is interrupted.</summary>
internal sealed class ServeCommand : CliCommand
{
    private const int DefaultPort = 7410;

    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "URL of the gateway where others are to reach it, e.g. https://0.0.0.0; needs --certificate (or --insecure) and --keys or --client-ca.",
        HelpName = "URL",
    };

    private readonly Option<bool> _insecure = new("--insecure") { Description = "Listen on a network without TLS: others can read all that is sent." };
    private readonly Option<string?> _certificate = new("--certificate") { Description = "PEM file of the server's certificate.", HelpName = "FILE" };
    private readonly Option<string?> _certificateKey = new("--certificate-key") { Description = "PEM file of the certificate's key.", HelpName = "FILE" };
    private readonly Option<string?> _keys = new("--keys") { Description = "Key file that `intrada keys create` makes: callers must send a key.", HelpName = "FILE" };
    private readonly Option<string?> _clientCa = new("--client-ca")
    {
        Description = "PEM file of the authority of client certificates; their subject's OU names the role.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _roots = new("--data-root")
    {
        Description = "Folder whose data sets may be registered by callers (default: any while only this machine can call, else none).",
        HelpName = "DIR",
    };

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public ServeCommand(CliHost host, GlobalOptions options)
        : base("serve", "Runs gateway, segmenter, ranker and trainer on this machine with a local store, until Ctrl-C.")
    {
        var port = new Option<int>("--port")
        {
            Description = "Port of the gateway; the other services take the four ports after it.",
            DefaultValueFactory = _ => DefaultPort,
            HelpName = "N",
        };
        port.Between(1, 65535 - 4);
        var home = new Option<string?>("--home")
        {
            Description = "Folder of the store (default: INTRADA_HOME, else intrada in the user's data folder).",
            HelpName = "DIR",
        };
        Add(port);
        Add(home);
        Add(_listen);
        Add(_insecure);
        Add(_certificate);
        Add(_certificateKey);
        Add(_keys);
        Add(_clientCa);
        Add(_roots);
        Run(host, options, (parsed, session, cancellationToken) =>
        {
            var folder = HomeDirectory.Resolve(host, parsed.GetValue(home));
            string[] arguments =
            [
                "--home", folder, "--port", parsed.GetValue(port).ToString(CultureInfo.InvariantCulture), "--exit-with-stdin", .. Access(parsed),
            ];
            return ServeAsync(session, folder, arguments, cancellationToken);
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => 
    [
        "./intrada serve",
        "./intrada serve --port 7500 --home ~/adaptations",
        "./intrada serve --listen https://0.0.0.0 --certificate server.pem --certificate-key server.key --keys keys.jsonl --data-root /data",
    ];

    // What may be listened on is the services' own rule; their refusal names the option.
    private IEnumerable<string> Access(ParseResult parsed)
    {
        (string Key, string? Value)[] given =
        [
            ("--listen", parsed.GetValue(_listen)),
            ("--CertificateFile", Full(parsed.GetValue(_certificate))),
            ("--KeyFile", Full(parsed.GetValue(_certificateKey))),
            ("--Auth:KeysFile", Full(parsed.GetValue(_keys))),
            ("--Auth:ClientCaFile", Full(parsed.GetValue(_clientCa))),
            .. (parsed.GetValue(_roots) ?? []).Select((root, i) => ($"--Datasets:AllowedRoots:{i}", Full(root))),
        ];
        return [.. given.Where(pair => pair.Value is not null).SelectMany(pair => new[] { pair.Key, pair.Value! }), .. parsed.GetValue(_insecure) ? new[] { "--insecure" } : []];

        static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
    }

    private static async Task<int> ServeAsync(CommandSession session, string home, string[] arguments, CancellationToken cancellationToken)
    {
        session.Output.Note("Starting the services ...");
        await using var services = await StandaloneProcess.StartAsync(
            StandaloneCommand.Locate(session.Host, arguments), home, session.Clock, cancellationToken);
        var notice = Path.Combine(home, ServiceAddresses.FileName);
        try
        {
            await AnnounceAsync(session, home, services.Addresses, cancellationToken);
            var code = await services.WaitAsync(cancellationToken);
            throw new CliException($"the services ended by themselves (exit code {code}); see {Path.Combine(home, "logs", "services.log")}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            session.Output.Note("Stopping the services ...");
            return ExitCodes.Success;
        }
        finally
        {
            File.Delete(notice);
        }
    }

    /// <summary>Tells other commands where the services are, and then the user that they are ready.</summary>
    /// <param name="session">The command.</param>
    /// <param name="home">Folder of the store; it exists.</param>
    /// <param name="addresses">Where the services listen.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>A task that ends when both are told.</returns>
    internal static async Task AnnounceAsync(CommandSession session, string home, ServiceAddresses addresses, CancellationToken cancellationToken)
    {
        // The file first: who waits for the line looks for the services in the home next.
        await AtomicFile.WriteAsync(Path.Combine(home, ServiceAddresses.FileName), Encoding.UTF8.GetBytes(addresses.ToJson()), cancellationToken);
        var line = new JsonObject { ["event"] = "ready", ["home"] = home };
        foreach (var (name, address) in addresses.All)
        {
            line[name] = address;
        }

        session.Output.Result(line, console =>
        {
            var table = new Table().RoundedBorder().AddColumns("service", "address");
            foreach (var (name, address) in addresses.All)
            {
                table.AddRow(new Text(name), new Text(address));
            }

            console.Write(table);
            console.WriteLine($"Store: {home}");
            console.WriteLine("Ctrl-C stops the services; unfinished workflows go on at the next start or with `intrada workflows resume`.");
        });
    }
}
