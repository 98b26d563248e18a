namespace IntraDA.Cli.Composition;

/// <summary>All that the client takes from the process it runs in, so that tests can run it inside their own.</summary>
internal sealed record CliHost
{
    /// <summary>Receives results and progress.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Receives errors and warnings.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Out"/> is a terminal on which lines may be redrawn.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Reads an environment variable; null where it is unset or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The host that is this process.</summary>
    /// <returns>The console, the environment and the system's clock.</returns>
    public static CliHost ForThisProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        IsTerminal = !Console.IsOutputRedirected,
        Variable = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
    };
}
