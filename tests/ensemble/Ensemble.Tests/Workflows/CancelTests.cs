using System.Diagnostics;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Ensemble.Tests.Workflows;

/// <summary>What a stopped workflow goes on from.</summary>
public sealed class CancelTests(RunningEnsemble ensemble)
{
    private const int Iterations = 24;

    [Fact]
    public async Task A_workflow_cancelled_amid_training_ends_with_the_weights_of_an_undisturbed_one()
    {
        var gateway = ensemble.Gateway;
        var id = (await gateway.CreateAsync(LongSpec())).Id;
        await gateway.WatchAsync(id, wanted: e => e.Metrics is { Stage: StageKind.Inter, Metrics.Iteration: >= 8 });

        await gateway.CancelAsync(id);
        var cancelled = (await gateway.WatchAsync(id))[^1].Workflow;
        Assert.Equal(WorkflowState.Cancelled, cancelled.State);
        Assert.Equal(WorkflowState.Succeeded, cancelled.Stage(StageKind.Source).State);
        Assert.DoesNotContain("weights", cancelled.Stage(StageKind.Inter).Outputs.Keys);

        await gateway.ResumeAsync(id);
        await gateway.WatchAsync(id, cancelled.LastSequence);
        var resumed = await gateway.GetAsync(id);
        Assert.Equal(WorkflowState.Succeeded, resumed.State);
        Assert.InRange(await ResumedFromAsync(resumed.Weights(StageKind.Inter)), 4, Iterations - 1);

        var spec = LongSpec();
        spec.SkipCache = true;
        var (undisturbed, _) = await gateway.RunAsync(spec);
        Assert.DoesNotContain(undisturbed.Stages, stage => stage.Reused);
        foreach (var kind in new[] { StageKind.Source, StageKind.Inter, StageKind.Intra })
        {
            Assert.NotEqual(undisturbed.Stage(kind).Key, resumed.Stage(kind).Key);
            Assert.Equal(undisturbed.Weights(kind), resumed.Weights(kind));
        }
    }

    [Fact]
    public async Task A_workflow_that_succeeded_cannot_be_resumed()
    {
        var workflow = await ensemble.PlainAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => ensemble.Gateway.ResumeAsync(workflow.Id));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal(WorkflowState.Succeeded, (await ensemble.Gateway.CancelAsync(workflow.Id)).State);
    }

    [Fact]
    public async Task Ctrl_C_stops_a_workflow_whose_services_end_with_the_command_and_it_goes_on_later()
    {
        using var folder = new TempFolder();
        var own = new Cli(folder["home"], gateway: null);
        using var command = own.Start(
            "adapt", "--source", ensemble.Folder("source"), "--target", ensemble.Folder("target"), "--validation",
            ensemble.Folder("validation"), "--layout", "plain", "--iterations-source", "2", "--iterations-inter", "120",
            "--iterations-intra", "2", "--batch-size", "2", "--width", "96", "--height", "64", "--skip-controls",
            "--out", folder["report"], "--json");
        string? id = null;
        while (await command.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Within() is { } line)
        {
            var facts = JsonNode.Parse(line)!.AsObject();
            id ??= facts["event"]?.GetValue<string>() == "created" ? facts["workflow"]!.GetValue<string>() : null;
            if (facts["event"]?.GetValue<string>() == "metrics" && facts["stage"]!.GetValue<string>() == "inter")
            {
                break;
            }
        }

        Assert.NotNull(id);
        using var signal = Process.Start("/bin/kill", ["-INT", $"{command.Id}"]);
        var ended = await ProgramRun.FinishAsync(command, TimeSpan.FromMinutes(2));
        Assert.Equal(130, ended.ExitCode);
        Assert.Contains($"resume {id}", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["report"]), "A stopped command left a report folder.");

        // What the services said: the client asked nothing of them that they had to refuse.
        var said = await File.ReadAllTextAsync(folder["home", "logs", "services.log"], TestContext.Current.CancellationToken);
        Assert.DoesNotContain("InvalidArgument", said, StringComparison.Ordinal);

        var shown = (await own.RunAsync("workflows", "show", id, "--json")).Succeeded();
        Assert.Equal("cancelled", shown.Result["state"]!.GetValue<string>());
        var list = (await own.RunAsync("workflows", "list", "--json")).Succeeded();
        Assert.Equal(id, Assert.Single(list.Result["workflows"]!.AsArray())!["workflow"]!.GetValue<string>());
        var resumed = (await own.RunAsync("workflows", "resume", id, "--json")).Succeeded();
        Assert.Equal("succeeded", resumed.Result["state"]!.GetValue<string>());
    }

    private static WorkflowSpec LongSpec()
    {
        var spec = TinyStreets.Spec(seed: 77);
        spec.SkipControls = true;
        spec.InterOptions.Iterations = Iterations;
        spec.InterOptions.CheckpointEvery = 4;
        return spec;
    }

    private async Task<long> ResumedFromAsync(string weights)
    {
        using var channel = GrpcChannel.ForAddress(ensemble.Services.Trainer);
        var jobs = await new TrainerService.TrainerServiceClient(channel)
            .ListTrainingsAsync(new ListTrainingsRequest { PageSize = 500 }, cancellationToken: TestContext.Current.CancellationToken)
            .ResponseAsync.Within();
        return jobs.Trainings.Single(job => job.Result?.Weights.Sha256 == weights).Result.ResumedFrom;
    }
}
