using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grpc.Core;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Scoring;
using IntraDA.Gateway.Segmenters;
using IntraDA.Gateway.Tests.Ensemble;
using IntraDA.Hosting;
using IntraDA.Hosting.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntraDA.Gateway.Tests.Segmenters;

public sealed class ScoringFanOutTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_full_segmenter_is_left_alone_for_as_long_as_it_asks_and_every_refusal_counts_as_a_retry()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var calls = new ConcurrentQueue<long>();
        ensemble.Segmenter.OnScore = (_, _) =>
        {
            calls.Enqueue(TimeProvider.System.GetTimestamp());
            return calls.Count <= 3 ? throw Full() : Task.CompletedTask;
        };
        using var retries = new RetryCount(ensemble.Gateway);

        var report = await ScoreAsync(ensemble, ensemble.Gateway, planned: null);

        Assert.Equal(6, report.Images);
        Assert.Equal(3, retries["scoring"]);
        // Two pieces; a piece that is refused brings no other before the pause is over.
        var times = calls.ToList();
        Assert.Equal(5, times.Count);
        var gaps = times.Zip(times.Skip(1), (one, next) => TimeProvider.System.GetElapsedTime(one, next)).ToList();
        Assert.True(gaps.Count(gap => gap >= Pause - TimeSpan.FromMilliseconds(50)) >= 2, string.Join(", ", gaps));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_segmenter_that_answers_but_fails_is_not_asked_in_a_hot_loop()
    {
        await using var ensemble = await TestEnsemble.StartAsync("--Workflows:ReconnectSeconds", "2");
        ensemble.Segmenter.OnScore = (_, _) => throw new ServiceException(StatusCode.Unavailable, "STORE_UNAVAILABLE", "The store is away.");
        var error = await Assert.ThrowsAnyAsync<Exception>(() => ScoreAsync(ensemble, ensemble.Gateway, planned: null));
        Assert.Contains("store is away", error.Message, StringComparison.Ordinal);
        // Two at a time after 0, 0.25, 0.75, 1.75 s, looked at twice a second; without the pauses it would be hundreds.
        Assert.InRange(ensemble.Segmenter.Scorings, 2, 12);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_build_that_takes_over_where_nobody_of_the_planned_one_is_left_is_recorded()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var others = new SegmenterBehaviour { Build = "2" };
        var other = await ensemble.StartSegmenterAsync(others);
        var asked = new TaskCompletionSource<SegmenterBehaviour>(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var behaviour in new[] { ensemble.Segmenter, others })
        {
            behaviour.OnScore = async (_, token) =>
            {
                if (asked.TrySetResult(behaviour) || asked.Task.Result == behaviour)
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
            };
        }

        var first = ServiceHost.AddressOf(other);
        var gateway = await ensemble.StartGatewayAsync(
            "--Services:Segmenters:0", ensemble.SegmenterAddress, "--Services:Segmenters:1", first, "--Workflows:TrainerPollSeconds", "0.5");
        var client = ensemble.ClientOf(gateway);
        var created = await client.CreateWorkflowAsync(new CreateWorkflowRequest { Spec = TestEnsemble.Spec() }, cancellationToken: Token).ResponseAsync.Within();
        var lost = await asked.Task.Within();
        await (lost == others ? ensemble.StopAsync(other) : ensemble.StopSegmenterAsync());
        var end = (await ensemble.WatchAsync(created.Workflow.Id, client: client))[^1].Workflow;

        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        var score = end.Stages.Single(stage => stage.Kind == StageKind.Score);
        Assert.Equal(lost.Build == "1" ? "2" : "1", score.Service.Build);
        Assert.Equal([lost.Build], score.EarlierServices.Select(service => service.Build));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_segmenter_of_another_build_beside_the_planned_one_scores_nothing()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var others = new SegmenterBehaviour { Build = "2" };
        var other = await ensemble.StartSegmenterAsync(others);
        var gateway = await ensemble.StartGatewayAsync(
            "--Services:Segmenters:0", ServiceHost.AddressOf(other), "--Services:Segmenters:1", ensemble.SegmenterAddress);

        var report = await ScoreAsync(ensemble, gateway, Small("1", "float32"));

        Assert.Equal(6, report.Images);
        Assert.Equal((2, 0), (ensemble.Segmenter.Scorings, others.Scorings));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_segmenter_of_another_precision_never_takes_over()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        ensemble.Segmenter.Precision = "bfloat16";
        var gateway = await ensemble.StartGatewayAsync("--Workflows:ReconnectSeconds", "1");
        var error = await Assert.ThrowsAnyAsync<Exception>(() => ScoreAsync(ensemble, gateway, Small("1", "float32")));
        Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, ensemble.Segmenter.Scorings);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_piece_that_another_build_scored_in_the_planned_ones_place_does_not_count()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        ensemble.Segmenter.OnScore = (before, _) =>
        {
            // Replaced between the gateway's look at it and its first piece.
            ensemble.Segmenter.Build = before == 0 ? "2" : "1";
            return Task.CompletedTask;
        };

        var report = await ScoreAsync(ensemble, ensemble.Gateway, Small("1", "float32"));

        Assert.Equal(6, report.Images);
        Assert.True(ensemble.Segmenter.Scorings > 2, $"{ensemble.Segmenter.Scorings} scorings of 2 pieces, of which the first was another build's");
    }

    [Fact]
    public void Where_pieces_lie_depends_on_build_precision_and_outputs()
    {
        var shard = new ScoringShard(0, 0, null!, Array.Empty<byte>(), new string('a', 64));
        string[] all =
        [
            Prefix(Small("1", "float32"), labels: true), Prefix(Small("2", "float32"), labels: true), Prefix(Small("1", "bfloat16"), labels: true),
            Prefix(Small("1", "float32"), labels: false),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());

        string Prefix(ScorerIdentity scorer, bool labels) => ScoringShards.PrefixOf(scorer, new string('b', 64), shard, labels, confidenceMaps: false, salt: "");
    }

    private static ScorerIdentity Small(string build, string precision) =>
        new(new ServiceInfo { Name = "small-segmenter", Version = "1.0.0", Build = build }, precision);

    private static ServiceException Full() =>
        new(StatusCode.ResourceExhausted, "QUEUE_FULL", "Too many images wait.") { RetryAfter = Pause };

    private static async Task<ScoreReport> ScoreAsync(TestEnsemble ensemble, WebApplication gateway, ScorerIdentity? planned)
    {
        var network = await ensemble.Store.PutBytesAsync("tests/network", new byte[] { 1 }, "application/octet-stream", Token);
        var datasets = await ensemble.Client.ListDatasetsAsync(new ListDatasetsRequest(), cancellationToken: Token).ResponseAsync.Within();
        var target = datasets.Datasets.Single(dataset => dataset.Name == "target").Manifest;
        return await gateway.Services.GetRequiredService<ScoringFanOut>().RunAsync(
            new ScoringJob(network, target, "tests/scores", LabelMaps: true, ConfidenceMaps: false, Salt: "", planned),
            _ => { },
            (_, _) => Task.CompletedTask,
            Token).Within();
    }

    // Retries that one gateway counts, by step.
    private sealed class RetryCount : IDisposable
    {
        private readonly ConcurrentDictionary<string, long> _counts = new();
        private readonly MeterListener _listener = new();

        public RetryCount(WebApplication gateway)
        {
            var meters = gateway.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "intrada.retries" && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    _counts.AddOrUpdate($"{tag.Value}", count, (_, former) => former + count);
                }
            });
            _listener.Start();
        }

        public long this[string step] => _counts.GetValueOrDefault(step);

        public void Dispose() => _listener.Dispose();
    }
}
