using System.Diagnostics;
using System.Globalization;

namespace IntraDA.TestRunner;

/// <summary>Runs the test projects one after the other and counts what their runners report.</summary>
/// <param name="options">What to run.</param>
/// <param name="output">Receives names, failures, skips and the counts.</param>
/// <param name="clock">The clock.</param>
internal sealed class TestRun(RunnerOptions options, TextWriter output, TimeProvider clock)
{
    private const int LinesOfLog = 20;

    // What a test measured or counted, for those who run it: such lines of its output are shown, all else is in the log.
    private const string SummaryMark = "summary: ";

    private readonly TimeSpan _projectLimit = TimeSpan.FromMinutes(options.Matrix ? 120 : 30);

    /// <summary>Runs, or lists, the tests.</summary>
    /// <param name="cancellationToken">Stops; the running project is killed.</param>
    /// <returns>The exit code: 0 only where at least one test passed and none failed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var projects = TestProject.FindAll(options);
        if (options.List)
        {
            foreach (var project in projects)
            {
                await ListAsync(project, cancellationToken);
            }

            return 0;
        }

        var reports = new List<TestReport>();
        foreach (var project in projects)
        {
            var report = await RunAsync(project, cancellationToken);
            Print(report);
            reports.Add(report);
        }

        var passed = reports.Sum(report => report.Passed);
        var failed = reports.Sum(report => report.Failures.Count);
        var skipped = reports.Sum(report => report.Skips.Count);
        if (passed + failed == 0)
        {
            output.WriteLine(options.Filter is null ? "No test ran." : $"No test ran: no name contains \"{options.Filter}\".");
        }

        output.WriteLine($"{passed} passed, {failed} failed{(skipped > 0 ? $", {skipped} skipped" : "")}");
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private async Task ListAsync(TestProject project, CancellationToken cancellationToken)
    {
        using var process = Start(project, ["-list", "methods", "-noLogo", .. Filter()], Path.Combine(options.Root, "artifacts", "tests"));
        output.WriteLine($"{project.Name}:");
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        output.WriteLine((await process.StandardOutput.ReadToEndAsync(cancellationToken)).TrimEnd());
        await errors;
        await process.WaitForExitAsync(cancellationToken);
    }

    private async Task<TestReport> RunAsync(TestProject project, CancellationToken cancellationToken)
    {
        output.WriteLine($"{project.Name} ...");
        if (!File.Exists(project.Assembly))
        {
            return TestReport.Broken(project.Name, $"it is not built: {project.Assembly} is not there; is it in IntraDA.sln?");
        }

        var folder = Path.Combine(options.Root, "artifacts", "tests");
        Directory.CreateDirectory(folder);
        var results = Path.Combine(folder, project.Name + ".xml");
        var log = Path.Combine(folder, project.Name + ".log");
        File.Delete(results);
        var start = clock.GetTimestamp();
        using var process = Start(project, ["-xml", results, "-noLogo", "-noColor", .. Filter()], folder);
        var logging = LogAsync(process, log);
        var isTimedOut = false;
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(_projectLimit, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            isTimedOut = true;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        // A grandchild that outlives the runner keeps the pipes open; it must not keep the run waiting.
        await Task.WhenAny(logging, Task.Delay(TimeSpan.FromSeconds(5), clock, cancellationToken));
        var report = isTimedOut ? null : TestReport.TryRead(results);
        if (report is null || (process.ExitCode != 0 && report.Failures.Count == 0 && !IsEmptyByFilter(report)))
        {
            var what = isTimedOut
                ? $"it did not end within {_projectLimit.TotalMinutes:0} minutes"
                : $"its runner ended with exit code {process.ExitCode} and {(report is null ? "no" : "incomplete")} results";
            var reason = $"{what}; {log} ends with:\n{Tail(log)}";
            return report is null
                ? TestReport.Broken(project.Name, reason)
                : report with { Failures = [.. report.Failures, (project.Name, reason)] };
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {report.Passed} passed, {report.Failures.Count} failed, {report.Skips.Count} skipped in {clock.GetElapsedTime(start).TotalSeconds:0.0} s"));
        return report;
    }

    private string[] Filter() => options.Filter is null ? [] : ["-method", $"*{options.Filter}*"];

    private bool IsEmptyByFilter(TestReport report) => options.Filter is not null && report is { Passed: 0, Skips.Count: 0 };

    private Process Start(TestProject project, IEnumerable<string> arguments, string workingDirectory)
    {
        Directory.CreateDirectory(workingDirectory);
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        if (options.Matrix)
        {
            start.Environment["INTRADA_MATRIX"] = "1";
        }

        start.ArgumentList.Add(project.Assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{project.Assembly} cannot be started.");
        process.StandardInput.Close();
        return process;
    }

    private async Task LogAsync(Process process, string path)
    {
        await using var log = TextWriter.Synchronized(new StreamWriter(path) { AutoFlush = true });
        await Task.WhenAll(CopyAsync(process.StandardOutput, log), CopyAsync(process.StandardError, log));
    }

    private async Task CopyAsync(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            await to.WriteLineAsync(line);
            if (line.TrimStart() is var text && text.StartsWith(SummaryMark, StringComparison.Ordinal))
            {
                lock (output)
                {
                    output.WriteLine("  " + text[SummaryMark.Length..]);
                }
            }
        }
    }

    private static string Tail(string log)
    {
        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(LinesOfLog));
    }

    private void Print(TestReport report)
    {
        foreach (var (name, reason) in report.Failures)
        {
            output.WriteLine($"  FAILED {name}");
            foreach (var line in reason.Split('\n'))
            {
                output.WriteLine("    " + line.TrimEnd());
            }
        }

        foreach (var (name, reason) in report.Skips)
        {
            output.WriteLine($"  skipped {name}: {reason}");
        }

        output.Flush();
    }
}
