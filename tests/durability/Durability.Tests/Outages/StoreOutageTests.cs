using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;
using IntraDA.Ensemble.Tests.Stores;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Durability.Tests.Outages;

/// <summary>A workflow on a real S3 server that freezes, refuses, breaks off and garbles.</summary>
public sealed class StoreOutageTests(S3Server server, Streets streets, Undisturbed undisturbed, Tally tally) : IClassFixture<S3Server>
{
    // Half a minute is what is promised; continuous integration has less time.
    private static TimeSpan Outage { get; } = TimeSpan.FromSeconds(Matrix.Choose(4, 30));

    // Longer than a gateway's lease in either form.
    private static TimeSpan Freeze { get; } = TimeSpan.FromSeconds(Matrix.Choose(20, 30));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task A_workflow_goes_on_after_the_store_froze_refused_broke_off_and_garbled()
    {
        Assert.SkipWhen(server.Unavailable is not null, server.Unavailable ?? "");
        var (expected, _) = await undisturbed.GetAsync(streets);
        await using var proxy = new FaultProxy(server.Port);
        await using var services = await SeparateServices.StartAsync(S3Server.ServiceArguments("durability", proxy.Port));
        await services.Gateway.RegisterStreetsAsync(streets.Directory);
        var id = (await services.Gateway.CreateAsync(Streets.Spec())).Id;

        // SIGSTOP: connections stay open, nothing is answered.
        await ReachedAsync(services, id, StageKind.Source);
        await SignalAsync("STOP");
        await Task.Delay(Freeze, Token);
        await SignalAsync("CONT");

        await ReachedAsync(services, id, StageKind.Inter);
        proxy.Plan = _ => Fault.Unavailable;
        await Task.Delay(Outage, Token);
        Assert.True(proxy.Count(Fault.Unavailable) > 0, "Nobody asked the store while it refused.");

        // Every third transfer is cut off in the middle.
        var transfers = 0;
        proxy.Plan = request => (request.IsUpload || request.IsDownload) && Interlocked.Increment(ref transfers) % 3 == 0
            ? request.IsUpload ? Fault.ResetRequest : Fault.ResetAnswer
            : Fault.None;
        await ReachedAsync(services, id, StageKind.Intra);
        Assert.True(proxy.Count(Fault.ResetRequest) > 0 && proxy.Count(Fault.ResetAnswer) > 0, "No transfer was cut off.");

        // Once more in another stage, on the way to what comes after it.
        var before = proxy.Count(Fault.Unavailable);
        proxy.Plan = _ => Fault.Unavailable;
        await Task.Delay(Outage, Token);
        Assert.True(proxy.Count(Fault.Unavailable) > before, "Nobody asked the store while it refused for the second time.");

        // Whatever is read for the first time from now on arrives with one bit turned.
        var read = new ConcurrentDictionary<string, bool>();
        proxy.Plan = request => request.IsDownload && read.TryAdd(request.Target, true) ? Fault.Damage : Fault.None;
        var workflow = await StageWatch.EndOfAsync(services, id);

        Assert.True(workflow.State == WorkflowState.Succeeded, $"{workflow.State}: {workflow.Error?.Message}\n{services.Messages}");
        Assert.True(proxy.Count(Fault.Damage) > 5, "Hardly anything was damaged.");
        foreach (var stage in expected.Stages.Where(stage => stage.Kind != StageKind.Report))
        {
            var outputs = workflow.Stage(stage.Kind).Outputs;
            Assert.Equal(stage.Outputs.OrderBy(o => o.Key).Select(o => (o.Key, o.Value.Sha256)), outputs.OrderBy(o => o.Key).Select(o => (o.Key, o.Value.Sha256)));
        }

        tally.Outages(5);
        Tally.Say(
            $"store frozen {Freeze.TotalSeconds:0} s, {proxy.Count(Fault.Unavailable)} answers of 503 over twice {Outage.TotalSeconds:0} s, "
            + $"{proxy.Count(Fault.ResetRequest) + proxy.Count(Fault.ResetAnswer)} transfers cut off, {proxy.Count(Fault.Damage)} damaged: same artefacts");
    }

    [Fact(Timeout = 300_000)]
    public async Task Weights_that_stay_damaged_fail_the_workflow_by_name_and_it_is_resumed_once_they_are_whole()
    {
        Assert.SkipWhen(server.Unavailable is not null, server.Unavailable ?? "");
        await using var proxy = new FaultProxy(server.Port);
        await using var services = await SeparateServices.StartAsync(S3Server.ServiceArguments("durability-damage", proxy.Port));
        await services.Gateway.RegisterStreetsAsync(streets.Directory);
        var spec = Streets.Spec();
        spec.SkipControls = true;
        (spec.SourceOptions.Iterations, spec.InterOptions.Iterations, spec.IntraOptions.Iterations) = (2, 2, 2);
        proxy.Plan = request => request.IsDownload && request.Target.EndsWith("/weights.safetensors", StringComparison.Ordinal) ? Fault.Damage : Fault.None;
        // Nothing that a cleaning removes can fail a job that is done, either.
        var id = (await services.Gateway.CreateAsync(spec)).Id;
        var failed = await StageWatch.EndOfAsync(services, id);

        Assert.Equal(WorkflowState.Failed, failed.State);
        Assert.Equal((int)StatusCode.DataLoss, failed.Error.Code);
        Assert.Contains(failed.Stage(StageKind.Source).Outputs["weights"].Key, failed.Error.Message, StringComparison.Ordinal);

        proxy.Plan = request => request.Method == "DELETE" && request.Target.Contains("/checkpoint", StringComparison.Ordinal) ? Fault.Forbidden : Fault.None;
        await services.Gateway.ResumeAsync(id);
        var resumed = await StageWatch.EndOfAsync(services, id);
        Assert.True(resumed.State == WorkflowState.Succeeded, $"{resumed.State}: {resumed.Error?.Message}\n{services.Messages}");
        tally.Outages(1);
    }

    private static Task ReachedAsync(SeparateServices services, string id, StageKind kind) => StageWatch.UntilAsync(
        services,
        id,
        workflow => workflow.Stages.Any(stage => stage.Kind == kind && stage.State != WorkflowState.Pending)
            || workflow.State is WorkflowState.Succeeded or WorkflowState.Failed or WorkflowState.Cancelled);

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", $"{server.ProcessId}"]);
        await kill.WaitForExitAsync(Token).Within();
        Assert.Equal(0, kill.ExitCode);
    }
}
