using IntraDA.Cli.Composition;
using IntraDA.Cli.Tests.Fakes;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Tests.Workflows;

public sealed class WatchTests
{
    private const string Report =
        """{"miou":{"source_only":30.5,"inter":41.25,"intra":42.0,"controls":{"source_continued":31.0,"inter_continued":41.5}},"ranking":{"auc_difficulty":0.75,"spearman_error":null}}""";

    [Fact]
    public async Task Events_are_replayed_in_order_to_the_end()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.SucceedWith(Report);

        var run = await CliRun.Of("workflows", "watch", "wf-1", "--json", "--gateway", server.Address);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["stage succeeded", "stage running", "progress", "stage succeeded", "workflow succeeded"],
            run.JsonLines
                .Where(line => (string?)line["event"] is "stage" or "workflow" || (string?)line["activity"] == "training")
                .Select(line => $"{line["event"]} {line["state"]}".Trim()));
        Assert.Equal("succeeded", (string?)run.LastLine["state"]);
        Assert.True((bool)run.LastLine["stages"]![0]!["reused"]!);
    }

    [Fact]
    public async Task A_cut_watch_goes_on_after_the_last_event_seen()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.SucceedWith(Report);
        server.Gateway.CutWatches = 1;

        var run = await CliRun.Of("workflows", "watch", "wf-1", "--json", "--gateway", server.Address);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal([0UL, 2UL], server.Gateway.WatchedAfter);
        Assert.Equal(3, run.JsonLines.Count(line => (string?)line["event"] == "stage"));
    }

    [Fact]
    public async Task People_see_lines_with_counts_rates_and_times()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.SucceedWith(Report);

        var run = await CliRun.Of("workflows", "watch", "wf-1", "--gateway", server.Address);

        Assert.Contains("source: reused", run.Out, StringComparison.Ordinal);
        Assert.Contains("inter: done in 1 min 05 s", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_workflow_ends_with_1_and_names_stage_and_reason()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.Gateway.Workflow.State = WorkflowState.Failed;
        server.Gateway.Workflow.Stages.Add(new Stage { Kind = StageKind.PseudoLabel, State = WorkflowState.Failed, Reason = "the disk is full" });

        var run = await CliRun.Of("workflows", "watch", "wf-1", "--gateway", server.Address);

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.Contains("intrada: workflow wf-1 failed in stage pseudo-label: the disk is full", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_workflow_is_one_line()
    {
        await using var server = await GatewayFixture.StartAsync();

        var run = await CliRun.Of("workflows", "show", "wf-9", "--gateway", server.Address);

        Assert.Equal("intrada: there is no workflow wf-9 (NOT_FOUND)", run.Error.Trim());
        Assert.Equal(ExitCodes.Failure, run.ExitCode);
    }

    [Fact]
    public async Task An_interrupted_watch_leaves_the_workflow_of_a_running_gateway_alone_and_says_how_to_go_on()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.Gateway.WatchHangs = true;
        using var interrupt = new CancellationTokenSource();

        var running = CliRun.With([], ["workflows", "watch", "wf-1", "--gateway", server.Address], interrupt.Token);
        while (server.Gateway.WatchedAfter.IsEmpty)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await interrupt.CancelAsync();
        var run = await running;

        Assert.Equal(ExitCodes.Interrupted, run.ExitCode);
        Assert.Contains("intrada workflows watch wf-1", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Gateway.Cancelled);
    }

    [Fact]
    public async Task A_list_reads_all_pages()
    {
        await using var server = await GatewayFixture.StartAsync();

        var run = await CliRun.Of("workflows", "list", "--json", "--gateway", server.Address);

        Assert.Equal(["wf-1", "wf-0"], run.LastLine["workflows"]!.AsArray().Select(workflow => (string)workflow!["workflow"]!));
    }

    [Fact]
    public async Task A_report_is_fetched_whole_and_its_figures_are_the_last_line()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.SucceedWith(Report);
        using var folder = new TempFolder();

        var run = await CliRun.Of("report", "--workflow", "wf-1", "--out", folder["r"], "--json", "--gateway", server.Address);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("<html></html>", File.ReadAllText(folder["r/report.html"]));
        Assert.Equal(["workflow", "miou", "ranking", "seconds", "report"], run.LastLine.Select(pair => pair.Key));
        Assert.Equal(41.25, (double)run.LastLine["miou"]!["inter"]!);
        Assert.Null(run.LastLine["miou"]!["controls"]!["source_renormalized"]);
        Assert.Null(run.LastLine["ranking"]!["spearman_error"]);
        Assert.Equal(folder["r/report.html"], (string)run.LastLine["report"]!);
    }
}
