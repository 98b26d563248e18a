using System.Text.Json.Nodes;
using IntraDA.Benchmarks.Frame;
using IntraDA.Benchmarks.Torch;

namespace IntraDA.Benchmarks.Tests;

public sealed class FrameTests
{
    [Fact]
    public void The_ratio_is_that_of_the_medians_whatever_the_number_of_pairs()
    {
        Assert.Equal(2, new PairedTimes([4, 2, 100], [1, 2, 3]).Ratio);
        Assert.Equal(3, new PairedTimes([2, 4], [0.5, 1.5]).Ratio);
        var divided = new PairedTimes([4, 8], [2, 2]) { ProcessorSeconds = (6, 4) }.Per(2);
        Assert.Equal((3.0, 1.0, (3.0, 2.0)), (divided.PlainMedian, divided.OursMedian, divided.ProcessorSeconds!.Value));
    }

    [Fact]
    public async Task Both_ways_run_in_turn_after_one_warm_up_each()
    {
        var order = new List<string>();
        using var session = new BenchSession(2, TimeProvider.System, TextWriter.Null);
        var times = await session.MeasureAsync(Record("plain"), Record("ours"), TestContext.Current.CancellationToken);
        Assert.Equal(["plain", "ours", "plain", "ours", "plain", "ours"], order);
        Assert.Equal((2, 2), (times.Plain.Count, times.Ours.Count));

        Func<CancellationToken, Task> Record(string name) => _ =>
        {
            order.Add(name);
            return Task.CompletedTask;
        };
    }

    [Fact]
    public void A_session_leaves_no_folder_behind()
    {
        string folder;
        using (var session = new BenchSession(1, TimeProvider.System, TextWriter.Null))
        {
            folder = session.Folder;
            Assert.True(Directory.Exists(folder));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Options_are_checked_and_what_nobody_reads_is_refused()
    {
        var arguments = new BenchArguments(["--pairs", "7", "--precision", "auto", "--typo", "1"]);
        Assert.Equal(7, arguments.Integer("pairs", 3, 1, 100));
        Assert.Equal("auto", arguments.Choice("precision", "float32", "auto"));
        Assert.Equal("float32", arguments.Choice("precision", "float32", "auto"));
        Assert.Contains("--typo", Assert.Throws<BenchException>(arguments.RefuseRest).Message, StringComparison.Ordinal);
        Assert.Throws<BenchException>(() => new BenchArguments(["--pairs"]));
        Assert.Throws<BenchException>(() => new BenchArguments(["pairs", "1"]));
        Assert.Throws<BenchException>(() => new BenchArguments(["--pairs", "0"]).Integer("pairs", 3, 1, 100));
        Assert.Throws<BenchException>(() => new BenchArguments(["--precision", "int8"]).Choice("precision", "float32"));
    }

    [Fact]
    public void The_line_for_machines_holds_what_the_reader_needs()
    {
        var result = new BenchResult(new PairedTimes([3], [2]), new BenchAgreement(true, new JsonObject { ["equal"] = 1 }), new JsonObject { ["n"] = 5 })
        {
            PeakFraction = 0.5,
            Figures = new JsonObject { ["images_per_second"] = 9 },
        };
        var line = JsonNode.Parse(BenchReport.Json("toy", result))!;
        Assert.Equal(1.5, (double)line["ratio"]!);
        Assert.Equal((3.0, 2.0), ((double)line["medians"]!["plain"]!, (double)line["medians"]!["ours"]!));
        Assert.Equal((true, 1), ((bool)line["agreement"]!["holds"]!, (int)line["agreement"]!["equal"]!));
        Assert.Equal((0.5, 9, 5), ((double)line["peak_fraction"]!, (int)line["images_per_second"]!, (int)line["settings"]!["n"]!));
        Assert.NotEqual("", (string)line["processor"]!);
    }

    [Fact]
    public void A_whole_of_cases_is_as_good_as_its_worst()
    {
        var good = new BenchResult(new PairedTimes([3], [1]), new BenchAgreement(false, []), []);
        var bad = new BenchResult(new PairedTimes([1], [1]), new BenchAgreement(true, []), []);
        var whole = BenchResult.OfCases([("good", good), ("bad", bad)], []);
        Assert.Equal((1.0, false, "bad"), (whole.Times.Ratio, whole.Agreement.Holds, (string)whole.Settings["least"]!));
        Assert.Equal(2, JsonNode.Parse(BenchReport.Json("both", whole))!["cases"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_unknown_bench_is_answered_with_the_known_ones()
    {
        var error = new StringWriter();
        Assert.Equal(2, await BenchProgram.RunAsync(["nonsense"], TextWriter.Null, error));
        Assert.Contains("inference", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await BenchProgram.RunAsync(["inference", "--precision", "int8"], TextWriter.Null, error));
        Assert.Contains("--precision must be one of", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_network_at_its_published_size_takes_three_quarters_of_a_teraflop() =>
        Assert.InRange(DeepLabWork.Forward(1024, 512, 19) / 1e12, 0.746, 0.748);
}
