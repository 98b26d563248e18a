using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Durability.Tests.Processes;

namespace IntraDA.Durability.Tests.World;

/// <summary>Waits for what a workflow does, by looking.</summary>
internal static class StageWatch
{
    private static readonly TimeSpan StageLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan WorkflowLimit = TimeSpan.FromSeconds(300);

    /// <summary>Waits until a stage is doing its work: past its beginning, before its end.</summary>
    public static async Task UntilUnderWayAsync(StageKind stage, SeparateServices services, StoreFolder store)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (store.KeyOf(stage) is not { } key || !IsUnderWay(key))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < StageLimit, $"{stage} was not reached.\n{services.Messages}");
            await Task.Delay(2);
        }

        bool IsUnderWay(string key) => stage switch
        {
            // Scoring is cut into pieces, which lie under keys of their own.
            StageKind.Score => store.Has("shards/*/labels/00000003.png"),
            StageKind.PseudoLabel => store.Has($"stages/pseudo_label/{key}/labels/000000.png"),
            StageKind.Evaluate => store.Has("stages/evaluate/*/images.parquet"),
            // These take milliseconds: there is no sign between their beginning and their end to wait for.
            StageKind.Rank or StageKind.Report => true,
            _ => store.Has(StoreFolder.CheckpointOf(key)),
        };
    }

    /// <summary>Waits for the end of a workflow, through whatever is being done to its gateway.</summary>
    public static Task<Workflow> EndOfAsync(SeparateServices services, string id) => UntilAsync(
        services, id, workflow => workflow.State is WorkflowState.Succeeded or WorkflowState.Failed or WorkflowState.Cancelled);

    /// <summary>Waits for something to be true of a workflow.</summary>
    public static async Task<Workflow> UntilAsync(SeparateServices services, string id, Predicate<Workflow> condition)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var gateway = services.Gateway;
        while (true)
        {
            try
            {
                var workflow = await gateway.GetAsync(id);
                if (condition(workflow))
                {
                    return workflow;
                }
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
            {
                // It has only just been started, or its store is away.
            }

            Assert.True(TimeProvider.System.GetElapsedTime(begin) < WorkflowLimit, $"{id} did not get so far.\n{services.Messages}");
            await Task.Delay(20);
        }
    }
}
