using IntraDA.Contracts.Gateway.V1;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Durability.Tests.Scaling;

/// <summary>The program behind the Indexed Job of Kubernetes, run as its pods run it.</summary>
public sealed class ScoringBatchTests(Streets streets, Undisturbed undisturbed)
{
    private const int Workers = 2;

    private static readonly TimeSpan WorkerLimit = TimeSpan.FromSeconds(90);

    [Fact(Timeout = 300_000)]
    public async Task A_workflow_takes_the_pieces_that_a_batch_job_has_scored_and_scores_none_itself()
    {
        var (_, expected) = await undisturbed.GetAsync(streets);
        using var store = new StoreFolder();
        await using var services = await SeparateServices.StartAsync(store.Options);
        await services.Gateway.RegisterStreetsAsync(streets.Directory);
        // Without a segmenter the workflow comes as far as the network that is to score, and waits.
        await services.KillAsync(Service.Segmenter);
        var id = (await services.Gateway.CreateAsync(Streets.Spec())).Id;
        var adapted = await StageWatch.UntilAsync(services, id, workflow => workflow.Stage(StageKind.Inter).State == WorkflowState.Succeeded);

        var network = adapted.Stage(StageKind.Inter).Outputs["weights"].Key;
        var datasets = await services.Gateway.Stub.ListDatasetsAsync(
            new ListDatasetsRequest(), cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Within();
        var target = datasets.Datasets.Single(dataset => dataset.Name == "target").Manifest.Key;

        var workers = await Task.WhenAll(Enumerable.Range(0, Workers).Select(index => ScoreAsync(store, network, target, index)));
        var pieces = Pieces(store);
        var scored = workers.Sum(worker => worker.Errors.Count(line => line.Contains(" is done: ", StringComparison.Ordinal)));
        Assert.Equal(scored, pieces.Count(piece => piece.Key.EndsWith("/report.json", StringComparison.Ordinal)));
        Assert.All(workers, worker => Assert.Contains(" is done: ", worker.Error, StringComparison.Ordinal));

        await services.StartAsync(Service.Segmenter);
        var workflow = await StageWatch.EndOfAsync(services, id);
        Assert.True(workflow.State == WorkflowState.Succeeded, $"{workflow.State}: {workflow.Error?.Message}\n{services.Messages}");
        var byService = services[Service.Segmenter].Messages.Split('\n').Count(line => line.Contains("Scored ", StringComparison.Ordinal));
        Assert.Equal(0, byService);
        Assert.Equal(pieces, Pieces(store));
        StoreFolder.AssertSame(expected, store.Artifacts());

        // A pod that is begun again finds everything there.
        var again = await ScoreAsync(store, network, target, index: 0);
        Assert.DoesNotContain(" is done: ", again.Error, StringComparison.Ordinal);
        Assert.Contains(" is there", again.Error, StringComparison.Ordinal);
        Tally.Say($"batch job: {scored} pieces by {Workers} workers, {byService} by the workflow's segmenter, artefacts as without the job");
    }

    // Everything that lies below shards/, with when it was written.
    private static SortedDictionary<string, DateTime> Pieces(StoreFolder store) => new(
        Directory.GetFiles(Path.Combine(store.Path, "shards"), "*", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc),
        StringComparer.Ordinal);

    private static async Task<ProgramRun> ScoreAsync(StoreFolder store, string network, string target, int index)
    {
        string[] command =
        [
            Places.Built("IntraDA.Segmenter", "IntraDA.Segmenter"), "score", .. store.Options, "--Segmenter:Threads", "1",
            "--Job:Checkpoint", network,
            "--Job:Dataset", target,
            "--Job:ConfidenceMaps", "true",
            "--Job:Workers", $"{Workers}",
        ];
        // As Kubernetes tells a pod which of them it is.
        var environment = new Dictionary<string, string?> { ["JOB_COMPLETION_INDEX"] = $"{index}" };
        return (await ProgramRun.OfAsync(Places.DotNet, command, environment, WorkerLimit)).Succeeded();
    }
}
