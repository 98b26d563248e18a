namespace IntraDA.Benchmarks.Frame;

/// <summary>A bench cannot run here, or was asked for something impossible.</summary>
/// <param name="message">One sentence that names the thing and the fix.</param>
internal sealed class BenchException(string message) : Exception(message);
