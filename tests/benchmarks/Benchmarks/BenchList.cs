using IntraDA.Benchmarks.Frame;

namespace IntraDA.Benchmarks;

/// <summary>All benches; a new one is one class and one line here, and one line in the client's list of names.</summary>
internal static class BenchList
{
    public static IReadOnlyList<IBench> All { get; } =
    [
        new Inference.InferenceBench(),
        new Training.TrainingBench(),
        new Streaming.StreamBench(),
    ];
}
