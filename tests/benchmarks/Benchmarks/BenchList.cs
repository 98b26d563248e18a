using IntraDA.Benchmarks.Frame;
using IntraDA.Benchmarks.Inference;
using IntraDA.Benchmarks.Ranking;
using IntraDA.Benchmarks.Scaling;
using IntraDA.Benchmarks.Store;
using IntraDA.Benchmarks.Streaming;
using IntraDA.Benchmarks.Training;

namespace IntraDA.Benchmarks;

/// <summary>All benches; a new one is one class and one line here, and one line in the client's list of names.</summary>
internal static class BenchList
{
    public static IReadOnlyList<IBench> All { get; } =
    [
        new InferenceBench(),
        new TrainingBench(),
        new StreamBench(),
        new RankingBench(),
        new StoreBench(),
        new ScalingBench(),
    ];
}
