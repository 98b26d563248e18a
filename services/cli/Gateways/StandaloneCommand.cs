using System.Diagnostics;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Gateways;

/// <summary>How the local services are started.</summary>
internal static class StandaloneCommand
{
    private const string Assembly = "IntraDA.Standalone.dll";
    private const string NewSession = "/usr/bin/setsid";

    /// <summary>Puts the command together.</summary>
    /// <param name="host">The process; its INTRADA_STANDALONE names the assembly, else it lies beside the client.</param>
    /// <param name="arguments">Arguments of the services.</param>
    /// <returns>The command, with all three streams redirected.</returns>
    /// <exception cref="CliException">The services are not there.</exception>
    public static ProcessStartInfo Locate(CliHost host, IReadOnlyList<string> arguments)
    {
        var assembly = host.Variable("INTRADA_STANDALONE") ?? Path.Combine(AppContext.BaseDirectory, Assembly);
        if (!File.Exists(assembly))
        {
            throw new CliException(
                $"the local services are not built: {assembly} is not there; run the launcher ./intrada, or name a gateway with --gateway");
        }

        var dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

        // A session of its own keeps a Ctrl-C at the terminal from the services: the client cancels the workflow first and then
        // ends them by closing their stdin.
        var start = OperatingSystem.IsLinux() && File.Exists(NewSession)
            ? new ProcessStartInfo(NewSession) { ArgumentList = { dotnet } }
            : new ProcessStartInfo(dotnet);
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        return start;
    }
}
