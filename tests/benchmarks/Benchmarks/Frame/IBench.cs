namespace IntraDA.Benchmarks.Frame;

/// <summary>Compares a plain way of doing some work with this project's way.</summary>
internal interface IBench
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>Measures, and compares the answers of the two ways.</summary>
    /// <param name="arguments">The command line; read every option before the work begins, then <see cref="BenchArguments.RefuseRest"/>.</param>
    /// <param name="session">Pairs, progress, a folder for files.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="BenchException">It cannot be measured here; one sentence.</exception>
    Task<BenchResult> RunAsync(BenchArguments arguments, BenchSession session, CancellationToken cancellationToken);
}
