namespace IntraDA.Cli.Tests.Commands;

public sealed class BenchCommandTests
{
    [Fact]
    public async Task Without_the_benches_the_error_names_the_launcher()
    {
        var run = await CliRun.With(
            new() { ["INTRADA_BENCHMARKS"] = "/nowhere/benches.dll" }, ["bench", "inference"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("./intrada", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_are_refused_before_anything_is_started()
    {
        foreach (var args in new[] { new[] { "bench", "inference", "--precision", "int8" }, ["bench", "training", "--pairs", "0"], ["bench", "nothing"] })
        {
            Assert.Equal(2, (await CliRun.Of(args)).ExitCode);
        }
    }

    [Fact]
    public async Task Each_bench_has_a_help_with_examples()
    {
        foreach (var bench in new[] { "inference", "training", "stream", "scaling" })
        {
            var run = await CliRun.Of("bench", bench, "--help");
            Assert.Equal(0, run.ExitCode);
            Assert.Contains($"intrada bench {bench} --json", run.Out, StringComparison.Ordinal);
        }
    }
}
