using System.Diagnostics;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Gateways;
using IntraDA.Cli.Serve;
using IntraDA.Cli.Tests.Fakes;

namespace IntraDA.Cli.Tests.Gateways;

public sealed class StandaloneProcessTests
{
    [Fact]
    public async Task Services_are_ready_with_their_line_and_end_with_their_stdin()
    {
        using var home = new TempFolder();
        var services = await StandaloneProcess.StartAsync(
            Shell("""echo starting; echo '{"gateway":"http://127.0.0.1:7410"}'; cat > /dev/null; echo gone > "$0" """, home["gone"]),
            home.Path,
            TimeProvider.System,
            TestContext.Current.CancellationToken);

        Assert.Equal(7410, services.Addresses.Gateway.Port);
        Assert.False(File.Exists(home["gone"]));
        await services.DisposeAsync();

        Assert.True(File.Exists(home["gone"]));
        Assert.Contains("starting", File.ReadAllText(home["logs/services.log"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_that_end_at_once_are_an_error_with_their_last_words()
    {
        using var home = new TempFolder();

        var refused = await Assert.ThrowsAsync<CliException>(() => StandaloneProcess.StartAsync(
            Shell("echo 'port 7410 is in use' >&2; exit 3", ""), home.Path, TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.Contains("the local services did not start: port 7410 is in use", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_announced_in_the_home_is_used_and_a_stale_announcement_is_not()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var home = new TempFolder();
        Dictionary<string, string> variables = new() { ["INTRADA_HOME"] = home.Path, ["INTRADA_STANDALONE"] = home["nothing.dll"] };
        var file = home[ServiceAddresses.FileName];

        File.WriteAllText(file, $$"""{"gateway":"{{server.Address}}"}""");
        var found = await CliRun.With(variables, ["data", "list", "--json"], TestContext.Current.CancellationToken);
        File.WriteAllText(file, """{"gateway":"http://127.0.0.1:1"}""");
        var stale = await CliRun.With(variables, ["data", "list", "--json"], TestContext.Current.CancellationToken);

        Assert.Equal(0, found.ExitCode);
        Assert.Contains("the local services are not built", stale.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_are_said_to_be_ready_only_when_other_commands_can_find_them()
    {
        using var home = new TempFolder();
        using var output = new WatchfulWriter(home[ServiceAddresses.FileName]);
        var host = new CliHost { Out = output, Error = TextWriter.Null, IsTerminal = false, Variable = _ => null };
        var session = CommandSession.Open(host, json: true, gateway: null, () => throw new InvalidOperationException("nobody is called"));
        var addresses = ServiceAddresses.TryParse("""{"gateway":"http://127.0.0.1:7410"}""")!;

        await ServeCommand.AnnounceAsync(session, home.Path, addresses, TestContext.Current.CancellationToken);

        Assert.Contains("\"ready\"", output.ToString(), StringComparison.Ordinal);
        Assert.Equal([true], output.Found);
        Assert.Equal(addresses.Gateway, ServiceAddresses.TryParse(File.ReadAllText(home[ServiceAddresses.FileName]))!.Gateway);
    }

    private static ProcessStartInfo Shell(string script, string argument) => new("/bin/sh", ["-c", script, argument])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>Notes of each line whether a file was there when it was written.</summary>
    private sealed class WatchfulWriter(string file) : StringWriter
    {
        public List<bool> Found { get; } = [];

        public override void WriteLine(string? value)
        {
            Found.Add(File.Exists(file));
            base.WriteLine(value);
        }
    }
}
