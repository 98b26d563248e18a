using IntraDA.Benchmarks.Frame;
using IntraDA.Benchmarks.Ranking;

return args is [RankingBench.PartName, .. var rest]
    ? await RankingPart.RunAsync(rest, Console.Out)
    : await BenchProgram.RunAsync(args, Console.Out, Console.Error);
