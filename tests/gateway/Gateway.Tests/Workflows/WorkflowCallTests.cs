using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Tests.Ensemble;

namespace IntraDA.Gateway.Tests.Workflows;

public sealed class WorkflowCallTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repeated_request_makes_no_second_workflow_and_another_spec_is_refused()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ensemble.CreateAsync(TestEnsemble.Spec(), "once")));
        Assert.Single(tries.Select(w => w.Id).Distinct());
        var other = TestEnsemble.Spec();
        other.Seed = 5;
        var error = await Assert.ThrowsAsync<RpcException>(() => ensemble.CreateAsync(other, "once"));
        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
        error = await Assert.ThrowsAsync<RpcException>(() => ensemble.CreateAsync(other, "Not Allowed"));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        await ensemble.FinishAsync(tries[0].Id);
    }

    [Fact]
    public async Task Pages_of_workflows_models_and_data_sets_join_to_the_whole()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var made = new List<string>();
        for (ulong seed = 0; seed < 3; seed++)
        {
            var spec = TestEnsemble.Spec();
            (spec.Seed, spec.SkipControls) = (seed, true);
            made.Add((await ensemble.CreateAsync(spec)).Id);
            await ensemble.FinishAsync(made[^1]);
        }

        var workflows = await PagesAsync(
            async token => await ensemble.Client.ListWorkflowsAsync(
                new ListWorkflowsRequest { PageSize = 2, PageToken = token }, cancellationToken: Token),
            page => (page.Workflows.Select(w => w.Id), page.NextPageToken));
        Assert.Equal(Enumerable.Reverse(made), workflows);

        var models = await PagesAsync(
            async token => await ensemble.Client.ListModelsAsync(
                new ListModelsRequest { PageSize = 2, PageToken = token }, cancellationToken: Token),
            page => (page.Models.Select(m => $"{m.WorkflowId} {m.Stage} {m.Miou}"), page.NextPageToken));
        Assert.Equal(
            Enumerable.Reverse(made).SelectMany(id => new[] { $"{id} Source 0.5", $"{id} Inter 0.5", $"{id} Intra 0.5" }), models);

        var datasets = await PagesAsync(
            async token => await ensemble.Client.ListDatasetsAsync(
                new ListDatasetsRequest { PageSize = 2, PageToken = token }, cancellationToken: Token),
            page => (page.Datasets.Select(d => d.Name), page.NextPageToken));
        Assert.Equal(["source", "target", "val"], datasets);
    }

    [Fact]
    public async Task What_is_not_there_and_what_is_no_page_is_said_so()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var missing = await Assert.ThrowsAsync<RpcException>(() => ensemble.GetAsync("wf-0000000000000000"));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        var malformed = await Assert.ThrowsAsync<RpcException>(() => ensemble.GetAsync("../x"));
        Assert.Equal(StatusCode.InvalidArgument, malformed.StatusCode);
        foreach (var request in new[] { new ListWorkflowsRequest { PageSize = -1 }, new ListWorkflowsRequest { PageToken = "!" } })
        {
            var error = await Assert.ThrowsAsync<RpcException>(() =>
                ensemble.Client.ListWorkflowsAsync(request, cancellationToken: Token).ResponseAsync.Within());
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        }
    }

    [Fact]
    public async Task The_gateway_tells_who_it_is_and_who_stands_behind_it()
    {
        await using var ensemble = await TestEnsemble.StartAsync("--Services:Trainers:1", "http://127.0.0.1:9");
        var info = await ensemble.Client.GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: Token).ResponseAsync.Within();
        Assert.Equal("intrada-gateway", info.Service.Name);
        Assert.Equal("small-segmenter", info.Segmenter.Service.Name);
        Assert.NotEmpty(info.Ranker.Service.Build);
        var trainers = await ensemble.Client.ListTrainersAsync(new ListTrainersRequest(), cancellationToken: Token).ResponseAsync.Within();
        Assert.Equal([true, false], trainers.Trainers.Select(t => t.Serving));
    }

    private static async Task<List<string>> PagesAsync<T>(Func<string, Task<T>> get, Func<T, (IEnumerable<string> Items, string Next)> read)
    {
        var all = new List<string>();
        for (var token = ""; ;)
        {
            var (items, next) = read(await get(token).Within());
            var page = items.ToList();
            Assert.InRange(page.Count, 1, 2);
            all.AddRange(page);
            if ((token = next).Length == 0)
            {
                return all;
            }
        }
    }
}
