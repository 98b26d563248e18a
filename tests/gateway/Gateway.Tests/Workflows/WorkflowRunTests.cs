using Grpc.Core;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using IntraDA.Gateway.Tests.Ensemble;
using IntraDA.Gateway.Workflows.State;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Tests.Workflows;

public sealed class WorkflowRunTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_workflow_runs_all_its_stages_and_ends_with_a_report()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var created = await ensemble.CreateAsync(TestEnsemble.Spec());
        var events = await ensemble.WatchAsync(created.Id);
        var end = events[^1].Workflow;
        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        Assert.All(
            end.Stages,
            s => Assert.Equal(
                s.Kind == StageKind.SourceRenormalized ? WorkflowState.Skipped : WorkflowState.Succeeded, s.State));
        Assert.Equal(StageOrder.All, end.Stages.Select(s => s.Kind));
        Assert.NotNull(end.ReportHtml);

        var durable = events.Where(e => e.Stage is not null || e.Workflow is not null).Select(e => e.Sequence).ToList();
        Assert.Equal(Enumerable.Range(1, durable.Count).Select(i => (ulong)i), durable);
        Assert.Equal(events.Select(e => e.Sequence).Order(), events.Select(e => e.Sequence));
        Assert.Single(events, e => e.Workflow is not null);

        var trained = ensemble.Trainer.Trained.ToList();
        Assert.Equal(5, trained.Count);
        Assert.Equal([10, 20, 5, 20, 5], trained.Select(t => t.Options.Iterations));
        Assert.Equal(5, trained.Select(t => t.Options.Seed).Distinct().Count());
        // Easy comes first and its hard counterpart is the target; 4 of 6 images are easy.
        Assert.Equal(end.Stages[4].Outputs["easy_dataset"], trained[2].Labelled[0].Dataset);
        Assert.Equal(end.Stages[4].Outputs["hard_dataset"], trained[2].Unlabelled);
        Assert.Equal(end.Stages[1].Outputs["weights"], trained[2].InitialWeights);
        Assert.Null(trained[3].Unlabelled);
        Assert.Equal(trained[1].Options.LearningRate, trained[3].Options.LearningRate);
        Assert.Equal(trained[2].Options.LearningRate, trained[4].Options.LearningRate);

        var replay = await ensemble.WatchAsync(created.Id, after: durable[^1] - 2);
        Assert.Equal(2, replay.Count);
        Assert.Equal(end, (await ensemble.GetAsync(created.Id)));
    }

    [Theory]
    [InlineData("intrada.initial-weights/1", "[]", false)]
    [InlineData("intrada.network/1", """["bicycle","person"]""", false)]
    [InlineData("intrada.network/1", """["road","car","sky"]""", true)]
    public async Task Initial_weights_are_evaluated_as_the_source_network_only_where_they_are_one(string format, string classes, bool network)
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        ensemble.Trainer.RunningStatistics = true;
        await ensemble.Client.ListTrainersAsync(new ListTrainersRequest(), cancellationToken: Token).ResponseAsync.Within();
        var spec = TestEnsemble.Spec();
        spec.SourceOptions.Iterations = 0;
        spec.InitialWeights = await WeightsAsync(ensemble, format, classes);

        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);

        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        Assert.Equal(network, ensemble.Segmenter.Calls.Contains(("evaluate", spec.InitialWeights.Sha256)));
        var renormalized = end.Stages.Single(stage => stage.Kind == StageKind.SourceRenormalized);
        Assert.True(renormalized.State == (network ? WorkflowState.Succeeded : WorkflowState.Skipped), renormalized.ToString());
        Assert.Equal(WorkflowState.Succeeded, end.Stages.Single(stage => stage.Kind == StageKind.SourceContinued).State);
        Assert.NotNull(end.ReportHtml);
    }

    [Fact]
    public async Task Without_iterations_of_step_one_the_given_network_scores_ranks_and_goes_on()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.SourceOptions.ClearIterations();
        spec.InterOptions.Iterations = 0;
        spec.InitialWeights = await WeightsAsync(ensemble, "intrada.network/1", """["road","car","sky"]""");

        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);

        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        var skipped = end.Stages.Where(stage => stage.State == WorkflowState.Skipped).ToList();
        Assert.Equal(
            [StageKind.Source, StageKind.Inter, StageKind.SourceContinued, StageKind.SourceRenormalized], skipped.Select(stage => stage.Kind));
        Assert.Contains("given", skipped[1].Reason, StringComparison.Ordinal);
        // Step two and its control, both from the given network; the network itself is scored with and evaluated as step one's.
        Assert.Equal(
            [(5, spec.InitialWeights), (5, spec.InitialWeights)],
            ensemble.Trainer.Trained.Select(training => (training.Options.Iterations, training.InitialWeights)));
        Assert.Contains(("score", spec.InitialWeights.Sha256), ensemble.Segmenter.Calls);
        Assert.Contains("evaluation.inter", end.Stages.Single(stage => stage.Kind == StageKind.Evaluate).Outputs.Keys);
        Assert.DoesNotContain("evaluation.source", end.Stages.Single(stage => stage.Kind == StageKind.Evaluate).Outputs.Keys);
    }

    [Fact]
    public async Task A_given_split_with_its_pseudo_labels_takes_the_place_of_scoring_and_ranking()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.SourceOptions.Iterations = 0;
        spec.InterOptions.Iterations = 0;
        spec.InitialWeights = await WeightsAsync(ensemble, "intrada.initial-weights/1", "[]");
        spec.EasySplit = await ListAsync(ensemble, "easy", "4\n1\n");
        spec.HardSplit = await ListAsync(ensemble, "hard", "0\r\n2");
        spec.Predictions = await PredictionsAsync(ensemble, "4", "1");

        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);

        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        Assert.Equal(WorkflowState.Skipped, end.Stages.Single(stage => stage.Kind == StageKind.Score).State);
        Assert.Equal(WorkflowState.Skipped, end.Stages.Single(stage => stage.Kind == StageKind.Rank).State);
        var intra = Assert.Single(ensemble.Trainer.Trained);
        Assert.Equal(spec.InitialWeights, intra.InitialWeights);
        var easy = await ManifestAsync(ensemble, intra.Labelled.Single().Dataset);
        Assert.Equal(
            [("4", "uploads/4.png"), ("1", "uploads/1.png")], easy.Items.Select(item => (item.Id, item.Label!.Path)));
        Assert.Equal(["0", "2"], (await ManifestAsync(ensemble, intra.Unlabelled)).Items.Select(item => item.Id));
    }

    [Fact]
    public async Task A_given_split_alone_is_labelled_by_the_network_of_step_one()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.SkipControls = true;
        spec.EasySplit = await ListAsync(ensemble, "easy", "5\n");
        spec.HardSplit = await ListAsync(ensemble, "hard", "0\n");

        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);

        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        Assert.Equal(WorkflowState.Succeeded, end.Stages.Single(stage => stage.Kind == StageKind.Score).State);
        var intra = ensemble.Trainer.Trained.Last();
        Assert.Equal("5", Assert.Single((await ManifestAsync(ensemble, intra.Labelled.Single().Dataset)).Items).Id);
    }

    [Fact]
    public async Task What_is_wrong_with_a_given_step_is_said_before_anything_is_trained()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.InterOptions.Iterations = 0;
        spec.InitialWeights = await WeightsAsync(ensemble, "intrada.initial-weights/1", "[]");
        spec.EasySplit = await ListAsync(ensemble, "easy", "1\nno-such\n2\n");
        spec.HardSplit = await ListAsync(ensemble, "hard", "2\n");
        Assert.Equal(
            ["spec.source_options.iterations", "spec.initial_weights", "spec.hard_split", "spec.easy_split"], await FieldsAsync());

        spec = TestEnsemble.Spec();
        spec.HardSplit = await ListAsync(ensemble, "hard", "2\n");
        spec.Predictions = await PredictionsAsync(ensemble, "1");
        spec.PseudoLabels = new PseudoLabelOptions { Policy = PseudoLabelPolicy.Confidence };
        Assert.Equal(["spec.easy_split", "spec.predictions", "spec.pseudo_labels.policy"], await FieldsAsync());

        spec.PseudoLabels = null;
        spec.EasySplit = await ListAsync(ensemble, "easy", "1\n0\n");
        Assert.Equal(["spec.predictions"], await FieldsAsync());

        spec.InterOptions.Iterations = 0;
        spec.SourceOptions.Iterations = 0;
        spec.Predictions = await PredictionsAsync(ensemble, "1", "0");
        Assert.Equal(["spec.source_options.iterations", "spec.inter_options.iterations"], await FieldsAsync());
        Assert.Empty(ensemble.Trainer.Trained);

        async Task<List<string>> FieldsAsync()
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => ensemble.CreateAsync(spec));
            return [.. RpcErrors.ReadViolations(RpcErrors.Read(error)).Select(violation => violation.Field)];
        }
    }

    [Fact]
    public async Task A_training_that_lost_its_store_is_taken_up_again_and_one_that_cannot_succeed_is_not()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var starts = 0;
        ensemble.Trainer.OnTrain = (_, _) => ++starts == 2
            ? throw new ArtifactStoreException("The store is away for now.", isTransient: true)
            : Task.CompletedTask;
        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(TestEnsemble.Spec())).Id);
        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        Assert.Equal(6, starts);

        ensemble.Trainer.OnTrain = (_, _) =>
        {
            starts++;
            throw new ArtifactDamagedException("trainings/a/weights.safetensors", "its bytes are others.");
        };
        var spec = TestEnsemble.Spec();
        spec.SkipCache = true;
        var failed = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);
        Assert.Equal(((int)StatusCode.DataLoss, 7), (failed.Error.Code, starts));
        Assert.Contains("trainings/a/weights.safetensors", failed.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_workflow_with_another_lambda_trains_only_what_differs()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        await ensemble.FinishAsync((await ensemble.CreateAsync(TestEnsemble.Spec())).Id);
        ensemble.Trainer.Trained.Clear();
        ensemble.Segmenter.Calls.Clear();
        var spec = TestEnsemble.Spec();
        spec.Ranking = new RankingOptions { Lambda = 0.5 };
        spec.Title = "another";
        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);
        Assert.Equal(WorkflowState.Succeeded, end.State);
        var trained = Assert.Single(ensemble.Trainer.Trained);
        Assert.NotNull(trained.Unlabelled);
        Assert.Equal(
            [StageKind.Source, StageKind.Inter, StageKind.Score, StageKind.SourceContinued, StageKind.InterContinued],
            end.Stages.Where(s => s.Reused).Select(s => s.Kind));
        // Of the networks on the validation set only the new one is evaluated.
        Assert.Equal(end.Stages[5].Outputs["weights"].Sha256, Assert.Single(ensemble.Segmenter.Calls, c => c.Call == "evaluate").Weights);
    }

    [Fact]
    public async Task With_skip_cache_everything_is_trained_anew()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        await ensemble.FinishAsync((await ensemble.CreateAsync(TestEnsemble.Spec())).Id);
        ensemble.Trainer.Trained.Clear();
        var spec = TestEnsemble.Spec();
        spec.SkipCache = true;
        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);
        Assert.Equal(5, ensemble.Trainer.Trained.Count);
        Assert.DoesNotContain(end.Stages, s => s.Reused);
    }

    [Fact]
    public async Task With_lambda_one_intra_is_self_training_on_the_easy_images_alone()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.Ranking = new RankingOptions { Lambda = 1 };
        spec.KeepSource = true;
        spec.SkipControls = true;
        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);
        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        var intra = ensemble.Trainer.Trained.Last();
        Assert.Equal(AdaptationMethod.SourceOnly, intra.Options.Method);
        Assert.Null(intra.Unlabelled);
        Assert.Equal(
            [end.Stages[4].Outputs["easy_dataset"], end.Stages[0].Inputs["labelled.0"]], intra.Labelled.Select(l => l.Dataset));
        Assert.Contains("self-training", end.Stages[5].Reason, StringComparison.Ordinal);
        Assert.Equal(3, end.Stages.Count(s => s.State == WorkflowState.Skipped));
    }

    [Fact]
    public async Task Without_self_training_the_easy_images_feed_the_adversary_and_the_source_is_learned_from()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.SkipControls = true;
        var published = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);
        spec.SkipSelfTraining = true;
        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);
        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        var intra = ensemble.Trainer.Trained.Last();
        Assert.Equal(
            [(end.Stages[4].Outputs["easy_dataset"], true), (end.Stages[0].Inputs["labelled.0"], false)],
            intra.Labelled.Select(l => (l.Dataset, l.AdversaryOnly)));
        Assert.Equal(end.Stages[4].Outputs["hard_dataset"], intra.Unlabelled);
        Assert.Contains("left out", end.Stages[5].Reason, StringComparison.Ordinal);
        Assert.True(end.Stages[4].Reused);

        // The same sets, all learned from, are another training.
        spec.SkipSelfTraining = false;
        spec.KeepSource = true;
        var kept = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);
        Assert.Equal(3, new[] { published, end, kept }.Select(w => w.Stages[5].Key).Distinct().Count());
    }

    [Fact]
    public async Task Without_self_training_and_without_hard_images_there_is_no_intra_step()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        (spec.SkipControls, spec.SkipSelfTraining, spec.Ranking) = (true, true, new RankingOptions { Lambda = 1 });
        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);
        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        Assert.Equal(WorkflowState.Skipped, end.Stages[5].State);
    }

    [Fact]
    public async Task With_lambda_zero_intra_is_skipped_and_inter_is_the_result()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.Ranking = new RankingOptions { Lambda = 0 };
        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);
        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        Assert.Equal(WorkflowState.Skipped, end.Stages[5].State);
        Assert.NotEmpty(end.Stages[5].Reason);
        Assert.Equal(WorkflowState.Skipped, end.Stages[8].State);
        var reply = await ensemble.Client.PredictAsync(
            new PredictRequest
            {
                Options = new PredictionOptions { Model = new WorkflowModel { WorkflowId = end.Id } },
                Image = new Contracts.Segmenter.V1.ImageInput { Id = "a" },
            },
            cancellationToken: Token).ResponseAsync.Within();
        Assert.Equal("a", reply.Result.Id);
        Assert.Equal(("predict", end.Stages[1].Outputs["weights"].Sha256), ensemble.Segmenter.Calls.Last());
    }

    [Fact]
    public async Task A_cancelled_workflow_stops_its_training_within_a_second_and_can_go_on()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var inside = new TaskCompletionSource();
        ensemble.Trainer.OnTrain = async (spec, token) =>
        {
            if (spec.Options.Method == AdaptationMethod.Advent)
            {
                inside.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }
        };
        var created = await ensemble.CreateAsync(TestEnsemble.Spec());
        await inside.Task.Within();
        var begin = TimeProvider.System.GetTimestamp();
        var cancelled = (await ensemble.Client
            .CancelWorkflowAsync(new CancelWorkflowRequest { WorkflowId = created.Id }, cancellationToken: Token)
            .ResponseAsync.Within()).Workflow;
        Assert.Equal(WorkflowState.Cancelled, cancelled.State);
        Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(1.5));
        Assert.Equal(cancelled.Stages[1].Key, Assert.Single(ensemble.Trainer.Cancelled));
        Assert.Equal(WorkflowState.Cancelled, cancelled.Stages[1].State);
        Assert.Equal(WorkflowState.Succeeded, cancelled.Stages[0].State);

        ensemble.Trainer.OnTrain = (_, _) => Task.CompletedTask;
        await ensemble.Client.ResumeWorkflowAsync(new ResumeWorkflowRequest { WorkflowId = created.Id }, cancellationToken: Token)
            .ResponseAsync.Within();
        var events = await ensemble.WatchAsync(created.Id);
        Assert.Equal(WorkflowState.Succeeded, events[^1].Workflow.State);
        // The superseded end is not told again: the last event of a stream is its only one of a workflow.
        Assert.Single(events, e => e.Workflow is not null);
        Assert.Single(ensemble.Trainer.Trained, t => t.Options.Iterations == 10);
    }

    [Fact]
    public async Task A_failed_training_ends_the_workflow_with_the_trainers_words_and_resume_goes_on_behind_it()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var tries = 0;
        ensemble.Trainer.OnTrain = (spec, _) => spec.Options.Method == AdaptationMethod.Advent && tries++ == 0
            ? throw new ServiceException(StatusCode.ResourceExhausted, "OUT_OF_MEMORY", "The batch does not fit; use a smaller one.")
            : Task.CompletedTask;
        var failed = await ensemble.FinishAsync((await ensemble.CreateAsync(TestEnsemble.Spec())).Id);
        Assert.Equal(WorkflowState.Failed, failed.State);
        Assert.Equal(1, tries);
        Assert.Equal((int)StatusCode.ResourceExhausted, failed.Error.Code);
        Assert.Equal("The batch does not fit; use a smaller one.", failed.Error.Message);
        Assert.Equal("OUT_OF_MEMORY", RpcErrors.ReadReason(failed.Error));
        Assert.Equal(failed.Error.Message, failed.Stages[1].Reason);

        await ensemble.Client.ResumeWorkflowAsync(new ResumeWorkflowRequest { WorkflowId = failed.Id }, cancellationToken: Token)
            .ResponseAsync.Within();
        Assert.Equal(WorkflowState.Succeeded, (await ensemble.FinishAsync(failed.Id)).State);
        var again = await Assert.ThrowsAsync<RpcException>(() => ensemble.Client
            .ResumeWorkflowAsync(new ResumeWorkflowRequest { WorkflowId = failed.Id }, cancellationToken: Token).ResponseAsync.Within());
        Assert.Equal(StatusCode.FailedPrecondition, again.StatusCode);
    }

    [Fact]
    public async Task A_trainer_that_is_killed_and_comes_back_is_asked_again()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var inside = new TaskCompletionSource();
        ensemble.Trainer.OnTrain = async (_, token) =>
        {
            inside.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        var created = await ensemble.CreateAsync(TestEnsemble.Spec());
        await inside.Task.Within();
        ensemble.Trainer.OnTrain = (_, _) => Task.CompletedTask;
        await ensemble.RestartTrainerAsync();
        Assert.Equal(WorkflowState.Succeeded, (await ensemble.FinishAsync(created.Id)).State);
    }

    [Fact]
    public async Task A_gateway_that_ends_hands_its_workflow_to_the_next_without_a_second_training()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var inside = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        ensemble.Trainer.OnTrain = async (spec, token) =>
        {
            if (spec.Options.Method == AdaptationMethod.Advent)
            {
                inside.TrySetResult();
                await go.Task.WaitAsync(token);
            }
        };
        var created = await ensemble.CreateAsync(TestEnsemble.Spec());
        await inside.Task.Within();
        await ensemble.StopAsync(ensemble.Gateway);
        Assert.Empty(ensemble.Trainer.Cancelled);
        var second = await ensemble.StartGatewayAsync();
        go.SetResult();
        var events = await ensemble.WatchAsync(created.Id, client: ensemble.ClientOf(second));
        Assert.Equal(WorkflowState.Succeeded, events[^1].Workflow.State);
        Assert.Single(ensemble.Trainer.Trained, t => t.Options.Iterations == 20 && t.Unlabelled is not null);
    }

    [Fact]
    public async Task Two_gateways_on_one_store_run_a_workflow_once_and_either_can_stop_and_watch_it()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var second = await ensemble.StartGatewayAsync();
        var inside = new TaskCompletionSource();
        ensemble.Trainer.OnTrain = async (spec, token) =>
        {
            if (spec.Options.Method == AdaptationMethod.Advent)
            {
                inside.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }
        };
        var created = await ensemble.CreateAsync(TestEnsemble.Spec());
        await inside.Task.Within();
        var watching = ensemble.WatchAsync(created.Id, client: ensemble.ClientOf(second));
        var cancelled = (await ensemble.ClientOf(second)
            .CancelWorkflowAsync(new CancelWorkflowRequest { WorkflowId = created.Id }, cancellationToken: Token)
            .ResponseAsync.Within()).Workflow;
        Assert.Equal(WorkflowState.Cancelled, cancelled.State);
        Assert.Equal(WorkflowState.Cancelled, (await watching.Within())[^1].Workflow.State);
        var source = Assert.Single(ensemble.Trainer.Trained);
        Assert.Equal(10, source.Options.Iterations);
    }

    [Fact]
    public async Task An_unknown_trainer_is_refused_with_the_names_of_those_that_there_are()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.Trainer = "small-trainer@^2.0";
        var error = await Assert.ThrowsAsync<RpcException>(() => ensemble.CreateAsync(spec));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("small-trainer@1.2.0", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_renormalised_control_runs_where_there_are_statistics()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        ensemble.Trainer.RunningStatistics = true;
        await ensemble.Client.ListTrainersAsync(new ListTrainersRequest(), cancellationToken: Token).ResponseAsync.Within();
        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(TestEnsemble.Spec())).Id);
        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        var job = Assert.Single(ensemble.Trainer.Trained, t => t.Options.Method == AdaptationMethod.ReEstimateNormalization);
        Assert.Empty(job.Labelled);
        Assert.Equal(2, job.Options.Iterations);
    }

    private static Task<Artifact> WeightsAsync(TestEnsemble ensemble, string format, string classes) => ensemble.Store.PutWrittenAsync(
        "uploads/initial.safetensors",
        SafetensorsReader.MediaType,
        (stream, token) => SafetensorsWriter.WriteAsync(
            stream,
            PublishedLayout.Of("compact", 3).Select(tensor => new SafetensorsEntry(
                tensor.Name, tensor.DataType, tensor.Shape, new byte[4 * tensor.Shape.Aggregate(1L, (size, side) => size * side)])),
            new Dictionary<string, string> { ["format"] = format, ["architecture"] = "compact", ["class_names"] = classes },
            token),
        Token);

    private static Task<Artifact> ListAsync(TestEnsemble ensemble, string name, string lines) =>
        ensemble.Store.PutBytesAsync($"uploads/{name}.txt", System.Text.Encoding.UTF8.GetBytes(lines), SplitList.MediaType, Token);

    private static async Task<Artifact> PredictionsAsync(TestEnsemble ensemble, params string[] ids)
    {
        var items = new List<PredictionItem>();
        foreach (var id in ids)
        {
            var map = await ensemble.Store.PutBytesAsync(
                $"uploads/{id}.png", LabelMapWriter.EncodePng(new LabelMap(16, 8, new byte[128])), LabelMapWriter.MediaType, Token);
            items.Add(new PredictionItem(id, StoredArtifact.From(map), ConfidenceMap: null));
        }

        return await ensemble.Store.PutWrittenAsync(
            "uploads/predictions.json", PredictionsManifest.MediaType, (s, t) => new PredictionsManifest { Items = items }.WriteAsync(s, t), Token);
    }

    private static async Task<DatasetManifest> ManifestAsync(TestEnsemble ensemble, Artifact artifact) =>
        DatasetManifestJson.Parse(await ensemble.Store.ReadBytesAsync(artifact, 1 << 20, Token), artifact.Key);
}
