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
        Run(host, options, (parsed, session, cancellationToken) => ServeAsync(
            session, HomeDirectory.Resolve(host, parsed.GetValue(home)), parsed.GetValue(port), cancellationToken));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["intrada serve", "intrada serve --port 7500 --home ~/adaptations"];

    private static async Task<int> ServeAsync(CommandSession session, string home, int port, CancellationToken cancellationToken)
    {
        session.Output.Note("Starting the services ...");
        string[] arguments = ["--home", home, "--port", port.ToString(CultureInfo.InvariantCulture), "--exit-with-stdin"];
        await using var services = await StandaloneProcess.StartAsync(
            StandaloneCommand.Locate(session.Host, arguments), home, session.Clock, cancellationToken);
        var line = new JsonObject { ["event"] = "ready", ["home"] = home };
        foreach (var (name, address) in services.Addresses.All)
        {
            line[name] = address;
        }

        session.Output.Result(line, console =>
        {
            var table = new Table().RoundedBorder().AddColumns("service", "address");
            foreach (var (name, address) in services.Addresses.All)
            {
                table.AddRow(new Text(name), new Text(address));
            }

            console.Write(table);
            console.WriteLine($"Store: {home}");
            console.WriteLine("Ctrl-C stops the services; unfinished workflows go on at the next start or with `intrada workflows resume`.");
        });
        var notice = Path.Combine(home, ServiceAddresses.FileName);
        await AtomicFile.WriteAsync(notice, Encoding.UTF8.GetBytes(services.Addresses.ToJson()), cancellationToken);
        try
        {
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
}
