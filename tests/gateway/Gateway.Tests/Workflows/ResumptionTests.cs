using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Tests.Ensemble;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Tests.Workflows;

/// <summary>What a gateway takes up again when it starts, and what it must not.</summary>
public sealed class ResumptionTests
{
    private const string Orphan = "index/active/wf-0000000000000000";
    private const string NoId = "index/active/what-is-this";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Workflows_that_cannot_be_read_do_not_keep_the_ones_behind_them_from_going_on()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var store = ensemble.Store;
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ensemble.Trainer.OnTrain = (_, token) => go.Task.WaitAsync(token);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await ensemble.CreateAsync(TestEnsemble.Spec())).Id);
            await UntilAsync(async () => await store.GetSizeAsync(FirstEventOf(ids[^1]), Token) is not null);
        }

        await ensemble.StopAsync(ensemble.Gateway);
        await PutAsync(store, $"workflows/{ids[0]}/spec.json", "{\"workflow\": ");
        await PutAsync(store, $"workflows/{ids[1]}/spec.json", "{}");
        await PutAsync(store, FirstEventOf(ids[2]), "no event");
        await PutAsync(store, FirstEventOf(ids[3]), "{\"sequence\": \"7\"}");
        await PutAsync(store, Orphan, "{}");
        await PutAsync(store, NoId, "{}");
        go.SetResult();
        var gateway = await ensemble.StartGatewayAsync();
        var client = ensemble.ClientOf(gateway);

        Assert.Equal(WorkflowState.Succeeded, (await ensemble.WatchAsync(ids[4], client: client))[^1].Workflow.State);
        await UntilAsync(async () => await store.GetSizeAsync(Orphan, Token) is null && await store.GetSizeAsync(NoId, Token) is null);
        // They may be repaired, so they stay marked; and they are shown, with what is wrong with them.
        var listed = await client.ListWorkflowsAsync(new ListWorkflowsRequest(), cancellationToken: Token).ResponseAsync.Within();
        Assert.Equal(ids.Order(StringComparer.Ordinal), listed.Workflows.Select(workflow => workflow.Id).Order(StringComparer.Ordinal));
        foreach (var id in ids.Take(4))
        {
            Assert.NotNull(await store.GetSizeAsync($"index/active/{id}", Token));
            var error = listed.Workflows.Single(workflow => workflow.Id == id).Error;
            Assert.Equal(ErrorReasons.ArtifactDamaged, RpcErrors.ReadReason(error));
            Assert.Contains($"workflows/{id}/", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_workflow_with_a_damaged_lease_is_taken_up_again()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var store = ensemble.Store;
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ensemble.Trainer.OnTrain = (_, token) => go.Task.WaitAsync(token);
        var id = (await ensemble.CreateAsync(TestEnsemble.Spec())).Id;
        await ensemble.StopAsync(ensemble.Gateway);
        await PutAsync(store, $"workflows/{id}/lease/00000001.json", "null");
        go.SetResult();
        var gateway = await ensemble.StartGatewayAsync();
        Assert.Equal(WorkflowState.Succeeded, (await ensemble.WatchAsync(id, client: ensemble.ClientOf(gateway)))[^1].Workflow.State);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_workflow_whose_user_has_stopped_it_is_ended_and_not_taken_up_again()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var store = ensemble.Store;
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ensemble.Trainer.OnTrain = async (_, token) =>
        {
            inside.TrySetResult();
            await go.Task.WaitAsync(token);
        };
        var id = (await ensemble.CreateAsync(TestEnsemble.Spec())).Id;
        await inside.Task.Within();
        await ensemble.StopAsync(ensemble.Gateway);
        // All that is left of a cancellation whose gateway died right after the user's word.
        await PutAsync(store, $"workflows/{id}/cancel.json", "{}");
        var second = await ensemble.StartGatewayAsync();
        var client = ensemble.ClientOf(second);

        Assert.Equal(WorkflowState.Cancelled, (await ensemble.WatchAsync(id, client: client))[^1].Workflow.State);
        await UntilAsync(async () => await store.GetSizeAsync($"index/active/{id}", Token) is null);

        go.SetResult();
        await client.ResumeWorkflowAsync(new ResumeWorkflowRequest { WorkflowId = id }, cancellationToken: Token).ResponseAsync.Within();
        Assert.Equal(WorkflowState.Succeeded, (await ensemble.WatchAsync(id, client: client))[^1].Workflow.State);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_cancellation_lies_in_the_store_before_it_has_any_effect()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var store = ensemble.Store;
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var marked = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = "";
        ensemble.Trainer.OnTrain = async (_, token) =>
        {
            inside.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                marked.TrySetResult(await store.GetSizeAsync($"workflows/{id}/cancel.json", CancellationToken.None) is not null);
            }
        };
        id = (await ensemble.CreateAsync(TestEnsemble.Spec())).Id;
        await inside.Task.Within();
        var answer = await ensemble.Client.CancelWorkflowAsync(new CancelWorkflowRequest { WorkflowId = id }, cancellationToken: Token).ResponseAsync.Within();
        Assert.Equal(WorkflowState.Cancelled, answer.Workflow.State);
        Assert.True(await marked.Task.Within());
    }

    private static string FirstEventOf(string id) => $"workflows/{id}/events/00000001.json";

    private static Task<Artifact> PutAsync(IArtifactStore store, string key, string text) =>
        store.PutBytesAsync(key, System.Text.Encoding.UTF8.GetBytes(text), "application/json", Token);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(20, Token);
        }
    }
}
