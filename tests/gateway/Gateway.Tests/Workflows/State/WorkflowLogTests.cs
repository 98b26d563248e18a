using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Tests.Ensemble;
using IntraDA.Gateway.Workflows.Specs;
using IntraDA.Gateway.Workflows.State;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Tests.Workflows.State;

public sealed class WorkflowLogTests : IDisposable
{
    private const string Id = "wf-0000000000000000";

    private readonly string _folder = Directory.CreateTempSubdirectory("intrada-log-").FullName;
    private readonly IArtifactStore _store;

    public WorkflowLogTests() =>
        _store = ArtifactStoreFactory.Create(new StoreOptions { Directory = _folder }, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_fold_to_the_same_workflow_in_another_process()
    {
        using var log = Open();
        await log.AppendAsync(new Stage { Kind = StageKind.Source, State = WorkflowState.Running, Key = "k" }, Token);
        await log.AppendAsync(new Stage { Kind = StageKind.Source, State = WorkflowState.Failed, Reason = "r" }, Token);
        await log.AppendEndAsync(
            new Workflow { State = WorkflowState.Failed, Error = RpcErrors.Create(Grpc.Core.StatusCode.Internal, "X", "m", [new("f", "d")]) },
            Token);
        using var other = Open();
        await other.RefreshAsync(Token);
        Assert.Equal(log.Workflow, other.Workflow);
        Assert.Equal(WorkflowState.Failed, other.Workflow.State);
        Assert.Equal("f", Assert.Single(RpcErrors.ReadViolations(other.Workflow.Error)).Field);
        Assert.Equal(3UL, other.Workflow.LastSequence);
        Assert.Equal(11, other.Workflow.Stages.Count);
        Assert.Equal(log.EventsAfter(1), other.EventsAfter(1));
    }

    [Fact]
    public async Task A_stage_that_moves_again_brings_an_ended_workflow_back_to_life()
    {
        using var log = Open();
        await log.AppendEndAsync(new Workflow { State = WorkflowState.Cancelled }, Token);
        Assert.NotNull(Assert.Single(log.EventsAfter(0)).Workflow);
        await log.AppendAsync(new Stage { Kind = StageKind.Inter, State = WorkflowState.Pending }, Token);
        Assert.Equal(WorkflowState.Running, log.Workflow.State);
        Assert.Null(log.Workflow.Error);
        Assert.NotNull(Assert.Single(log.EventsAfter(0)).Stage);
    }

    [Fact]
    public async Task Of_two_writers_of_one_number_the_second_learns_that_it_has_lost()
    {
        using var one = Open();
        using var two = Open();
        await one.AppendAsync(new Stage { Kind = StageKind.Source, State = WorkflowState.Running }, Token);
        await Assert.ThrowsAsync<OwnershipLostException>(() =>
            two.AppendAsync(new Stage { Kind = StageKind.Source, State = WorkflowState.Failed }, Token));
        Assert.Equal(one.Workflow, two.Workflow);
    }

    [Fact]
    public async Task Of_gateways_that_reach_for_a_lease_at_once_exactly_one_gets_it()
    {
        var random = new SystemRandomSource();
        var tries = Enumerable.Range(0, 8).Select(_ => Task.Run(() => WorkflowLease.TryAcquireAsync(
            _store, TimeProvider.System, new GatewayProcess(random), Id, TimeSpan.FromSeconds(30), Token)));
        var leases = await Task.WhenAll(tries).Within();
        var held = Assert.Single(leases, lease => lease is not null);
        Assert.True(await WorkflowLease.IsHeldAsync(_store, TimeProvider.System, Id, Token));
        await held!.RenewAsync(Token);

        await held.ReleaseAsync(Token);
        var next = await WorkflowLease.TryAcquireAsync(
            _store, TimeProvider.System, new GatewayProcess(random), Id, TimeSpan.FromSeconds(30), Token);
        Assert.NotNull(next);
        await Assert.ThrowsAsync<OwnershipLostException>(() => held.RenewAsync(Token));
    }

    [Fact]
    public async Task A_lease_that_was_taken_over_twice_is_known_to_be_lost()
    {
        var random = new SystemRandomSource();
        var leases = new List<WorkflowLease>();
        for (var i = 0; i < 3; i++)
        {
            leases.Add((await WorkflowLease.TryAcquireAsync(
                _store, TimeProvider.System, new GatewayProcess(random), Id, TimeSpan.FromTicks(1), Token))!);
        }

        await Assert.ThrowsAsync<OwnershipLostException>(() => leases[0].RenewAsync(Token));
        await Assert.ThrowsAsync<OwnershipLostException>(() => leases[1].RenewAsync(Token));
        await leases[2].RenewAsync(Token);
    }

    [Fact]
    public void A_lease_is_free_when_its_time_is_over_or_its_process_is_gone()
    {
        var now = TimeProvider.System.GetUtcNow();
        var mine = new GatewayProcess(new SystemRandomSource()).LeaseUntil(now.AddMinutes(1));
        Assert.False(GatewayProcess.IsFree(mine, now));
        Assert.True(GatewayProcess.IsFree(mine, now.AddMinutes(2)));
        // The id was used again by a later process.
        Assert.True(GatewayProcess.IsFree(mine with { ProcessStart = mine.ProcessStart.AddDays(-1) }, now));
        Assert.True(GatewayProcess.IsFree(mine with { ProcessId = int.MaxValue }, now));
        Assert.False(GatewayProcess.IsFree(mine with { ProcessId = int.MaxValue, Machine = "elsewhere" }, now));
    }

    [Fact]
    public void Ids_sort_by_age_and_their_index_the_other_way_round()
    {
        var ids = Enumerable.Range(0, 3)
            .Select(i => new WorkflowIds(new FixedTime(i), new SystemRandomSource()).Next())
            .ToList();
        Assert.All(ids, id => Assert.True(WorkflowIds.IsId(id)));
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(Enumerable.Reverse(ids), ids.OrderBy(WorkflowIds.InvertOrder, StringComparer.Ordinal));
        Assert.Equal(ids, ids.Select(id => WorkflowIds.FromInverted(WorkflowIds.InvertOrder(id))));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private WorkflowLog Open() => new(
        WorkflowRecord.Create(
            Id, new ResolvedSpec(new WorkflowSpec(), new Dataset(), new Dataset(), null, false), DateTimeOffset.UnixEpoch),
        _store,
        TimeProvider.System);

    private sealed class FixedTime(int day) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1 + day, 0, 0, 0, TimeSpan.Zero);
    }
}
