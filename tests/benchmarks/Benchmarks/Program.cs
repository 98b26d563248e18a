using IntraDA.Benchmarks.Frame;
using IntraDA.Benchmarks.Ranking;
using IntraDA.Benchmarks.Scaling;

return args switch
{
    [RankingBench.PartName, .. var rest] => await RankingPart.RunAsync(rest, Console.Out),
    [SegmenterPart.Name, .. var rest] => await SegmenterPart.RunAsync(rest, Console.In, Console.Out),
    _ => await BenchProgram.RunAsync(args, Console.Out, Console.Error),
};
