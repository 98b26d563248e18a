using System.Text.Json.Nodes;
using IntraDA.Benchmarks.Frame;

namespace IntraDA.Benchmarks.Tests;

public sealed class RankingBenchTests
{
    [Fact(Timeout = 120_000)]
    public async Task Both_ways_write_the_same_files()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await BenchProgram.RunAsync(["ranking", "--rows", "150000", "--pairs", "1", "--json"], output, error);
        Assert.True(code == 0, error.ToString());
        var line = JsonNode.Parse(output.ToString())!;
        Assert.All(line["agreement"]!.AsObject(), fact => Assert.True(fact.Value!.GetValue<bool>(), fact.Key));
        Assert.True(line["peak_mb"]!["ours"]!.GetValue<double>() > 1);
        Assert.Equal(150_000, line["settings"]!["rows"]!.GetValue<int>());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_store_that_is_no_address_is_refused_by_name()
    {
        using var error = new StringWriter();
        var code = await BenchProgram.RunAsync(["store", "--size-mb", "1", "--endpoint", "not an address"], TextWriter.Null, error);
        Assert.Equal(1, code);
        Assert.Contains("Store:Endpoint", error.ToString(), StringComparison.Ordinal);
    }
}
