using System.Diagnostics;

namespace IntraDA.Contracts.Tests;

/// <summary>The linter of the contracts, installed below artifacts/; <see cref="Unavailable"/> says why where it cannot be had.</summary>
public sealed class Buf : IAsyncLifetime
{
    private const string Package = "@bufbuild/buf@1.75.0";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Unavailable { get; private set; }

    /// <summary>Root of the checkout.</summary>
    internal static string Root { get; } = FindRoot();

    private static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    private static string Folder => Path.Combine(Root, "artifacts", "buf");

    private static string Program => Path.Combine(Folder, "node_modules", ".bin", "buf");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (File.Exists(Program))
        {
            return;
        }

        Directory.CreateDirectory(Folder);
        Unavailable = await InstallAsync();
        if (Unavailable is not null && IsCi)
        {
            throw new InvalidOperationException(Unavailable);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Runs it on the folder of the contracts.</summary>
    /// <param name="arguments">Command and options.</param>
    /// <returns>Exit code, and all that it said.</returns>
    internal static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        RunAsync(Program, arguments, Path.Combine(Root, "protos"));

    private static async Task<string?> InstallAsync()
    {
        try
        {
            var (code, output) = await RunAsync("npm", ["install", "--no-audit", "--no-fund", "--no-save", "--prefix", Folder, Package], Folder);
            return code == 0 && File.Exists(Program) ? null : $"The contracts are not linted: npm cannot install {Package}: {output.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"The contracts are not linted: npm, which brings {Package}, is not installed (Debian: apt-get install npm).";
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"it did not end within {Limit}");
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IntraDA.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests do not lie below a folder with IntraDA.sln.");
    }
}
