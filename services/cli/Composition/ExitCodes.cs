namespace IntraDA.Cli.Composition;

/// <summary>What the process answers to its caller.</summary>
internal static class ExitCodes
{
    /// <summary>All that was asked for is done.</summary>
    public const int Success = 0;

    /// <summary>The work, or a part of it, failed; stderr says which.</summary>
    public const int Failure = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>Interrupted by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;

    /// <summary>The table that the root command's help shows.</summary>
    public static IReadOnlyList<string> Help { get; } =
    [
        "0    done",
        "1    the work, or a part of it, failed",
        "2    the command line cannot be understood",
        "130  interrupted (a workflow of a running gateway goes on)",
    ];
}
