using System.Diagnostics;
using System.Text.Json.Nodes;

namespace IntraDA.Ensemble.Tests.Processes;

/// <summary>A program that ran to its end.</summary>
/// <param name="ExitCode">What it answered.</param>
/// <param name="Out">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Out, string Error)
{
    /// <summary>The lines of standard output as JSON objects.</summary>
    public IReadOnlyList<JsonObject> Lines =>
        [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>The result of a command with <c>--json</c>.</summary>
    public JsonObject Result => Lines[^1];

    /// <summary>The lines of standard error.</summary>
    public IReadOnlyList<string> Errors => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a program.</summary>
    public static async Task<ProgramRun> OfAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, TimeSpan limit, string? directory = null)
    {
        using var process = Start(program, arguments, environment, directory);
        return await FinishAsync(process, limit);
    }

    /// <summary>Starts a program with both outputs redirected.</summary>
    public static Process Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, string? directory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} cannot be started.");
    }

    /// <summary>Reads a started program to its end; one that takes longer is killed and fails the test.</summary>
    public static async Task<ProgramRun> FinishAsync(Process process, TimeSpan limit)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(limit);
            return new ProgramRun(process.ExitCode, await output.WaitAsync(limit), await error.WaitAsync(limit));
        }
        catch (Exception exception)
        {
            process.Kill(entireProcessTree: true);
            if (exception is TimeoutException)
            {
                throw new TimeoutException(
                    $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end within {limit.TotalSeconds:0} s.");
            }

            throw;
        }
    }

    /// <summary>Fails with all that the program said unless it ended with 0.</summary>
    public ProgramRun Succeeded()
    {
        Assert.True(ExitCode == 0, $"It ended with {ExitCode}.\nstderr: {Error}\nstdout: {Out}");
        return this;
    }

    /// <summary>Fails unless the program ended with a code and one line that says all of some texts.</summary>
    public ProgramRun RefusedWith(int code, params string[] texts)
    {
        Assert.True(ExitCode == code, $"It ended with {ExitCode}, not {code}.\nstderr: {Error}\nstdout: {Out}");
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        // A command line that cannot be understood gets a second line that names its help.
        Assert.Single(Errors, line => code != 2 || !line.StartsWith("Try '", StringComparison.Ordinal));
        Assert.All(texts, text => Assert.Contains(text, Error, StringComparison.OrdinalIgnoreCase));
        return this;
    }
}
