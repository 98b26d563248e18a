using System.Net;
using System.Net.Sockets;

namespace IntraDA.Ensemble.Tests.Processes;

/// <summary>Where things lie, and which ports are free.</summary>
internal static class Places
{
    /// <summary>Root of the checkout.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of tools and data beside the checkout; null where there is none.</summary>
    public static string? Shared
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("INTRADA_SHARED") is { Length: > 0 } given
                ? given
                : Path.GetFullPath(Path.Combine(Root, "..", "shared"));
            return Directory.Exists(path) ? path : null;
        }
    }

    /// <summary>Whether a missing prerequisite is a failure.</summary>
    public static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The reason to skip tests that need the shared folder; a failure where CI has it, or was told of it.</summary>
    public static string SkipOrFail(string reason) =>
        IsCi && (Shared is not null || Environment.GetEnvironmentVariable("INTRADA_SHARED") is { Length: > 0 })
            ? throw new InvalidOperationException(reason)
            : reason;

    /// <summary>An assembly as it was built beside this one.</summary>
    public static string Built(string project, string assembly)
    {
        // artifacts/bin/PROJECT/CONFIGURATION: the configuration is the one of the tests.
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var path = Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, assembly + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built; build the solution first.");
    }

    /// <summary>The program that runs assemblies.</summary>
    public static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
