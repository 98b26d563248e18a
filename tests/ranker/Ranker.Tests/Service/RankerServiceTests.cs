using System.Text;
using Grpc.Core;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using IntraDA.Hosting.Errors;
using IntraDA.Ranker.PseudoLabels;
using Microsoft.Extensions.Options;

namespace IntraDA.Ranker.Tests.Service;

public sealed class RankerServiceTests(RankerFixture ranker) : IClassFixture<RankerFixture>
{
    private readonly string _prefix = $"t{Guid.NewGuid():n}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task The_published_number_of_images_is_split_as_published()
    {
        var response = await ranker.Client.RankAsync(
            new RankRequest { ScoreTable = await ScoresAsync(2975), OutputPrefix = _prefix }, cancellationToken: Token);

        Assert.Equal((1993, 982), (response.EasyCount, response.HardCount));
        var easy = Encoding.UTF8.GetString(await ranker.Store.ReadBytesAsync(response.EasySplit, 1 << 20, Token));
        Assert.Equal(1993, easy.Count(c => c == '\n'));
        Assert.StartsWith("image-2974\nimage-2973\n", easy, StringComparison.Ordinal);
        await using var stream = await ranker.Store.OpenReadAsync(response.Ranking, Token);
        var rows = await RankingTable.ReadAsync(stream, Token);
        Assert.Equal(2975, rows.Count);
        Assert.Equal(response.Threshold, rows[1992].Score);
        Assert.True(rows[1992].Easy);
        Assert.False(rows[1993].Easy);
    }

    [Fact(Timeout = 60_000)]
    public async Task Everything_wrong_with_a_request_is_said_at_once()
    {
        var request = new RankRequest { OutputPrefix = "../x", Options = new RankingOptions { Lambda = 1.5, Method = RankingMethod.RareClass } };
        var error = await Assert.ThrowsAsync<RpcException>(() => ranker.Client.RankAsync(request, cancellationToken: Token).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(
            ["options.lambda", "options.rare_train_ids", "output_prefix", "score_table"],
            RpcErrors.ReadViolations(RpcErrors.Read(error)).Select(violation => violation.Field).Order(StringComparer.Ordinal));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("dataset")]
    [InlineData("predictions")]
    [InlineData("easy_split")]
    [InlineData("hard_split")]
    public async Task A_list_that_is_too_large_to_hold_is_refused_before_it_is_read(string field)
    {
        Artifact Of(string name) => new()
        {
            Key = $"{_prefix}/{name}", Sha256 = new string('0', 64), SizeBytes = name == field ? (256L << 20) + 1 : 10, MediaType = "text/plain",
        };
        var request = new GeneratePseudoLabelsRequest
        {
            Dataset = Of("dataset"), Predictions = Of("predictions"), EasySplit = Of("easy_split"), HardSplit = Of("hard_split"), OutputPrefix = _prefix,
        };
        using var call = ranker.Client.GeneratePseudoLabels(request, cancellationToken: Token);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal([field], RpcErrors.ReadViolations(RpcErrors.Read(error)).Select(violation => violation.Field));
        Assert.Contains("Limits:MaxManifestBytes", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_empty_table_bytes_that_are_none_and_a_missing_one_have_their_codes()
    {
        await ExpectAsync(StatusCode.InvalidArgument, await ScoresAsync(0), "no rows");
        await ExpectAsync(StatusCode.InvalidArgument, await ranker.Store.PutBytesAsync($"{_prefix}/x", "no table"u8.ToArray(), "text/plain", Token), "no readable Parquet");
        var gone = await ScoresAsync(3);
        await ranker.Store.PutBytesAsync(gone.Key, "other"u8.ToArray(), "text/plain", Token);
        await ExpectAsync(StatusCode.DataLoss, gone, gone.Key);
        await ranker.Store.DeleteAsync(gone.Key, Token);
        await ExpectAsync(StatusCode.NotFound, gone, gone.Key);

        async Task ExpectAsync(StatusCode code, Artifact table, string text)
        {
            var request = new RankRequest { ScoreTable = table, OutputPrefix = _prefix };
            var error = await Assert.ThrowsAsync<RpcException>(() => ranker.Client.RankAsync(request, cancellationToken: Token).ResponseAsync);
            Assert.Equal(code, error.StatusCode);
            Assert.Contains(text, error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Argmax_labels_are_the_predictions_themselves()
    {
        var report = await GenerateAsync(await InputsAsync(), new PseudoLabelOptions());
        var easy = await ReadDatasetAsync(report.EasyDataset);
        Assert.Equal(["b", "a"], easy.Items.Select(item => item.Id));
        Assert.All(easy.Items, item => Assert.True(item.Label!.InStore));
        Assert.Equal($"{_prefix}/a.label.png", easy.Items[1].Label!.Path);
        Assert.Equal("/data/target", easy.Root);
        Assert.Equal(1, report.LabelledShare);
        Assert.Equal([8, 8], report.ClassPixels);

        var hard = await ReadDatasetAsync(report.HardDataset);
        Assert.Equal(["c"], hard.Items.Select(item => item.Id));
        Assert.Null(hard.Items[0].Label);
        Assert.Null(hard.Labels);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_confidence_threshold_drops_pixels_into_new_maps_that_a_loader_reads()
    {
        var report = await GenerateAsync(
            await InputsAsync(), new PseudoLabelOptions { Policy = PseudoLabelPolicy.Confidence, ConfidenceThreshold = 0.5 });
        var easy = await ReadDatasetAsync(report.EasyDataset);
        var map = await new DatasetFileReader(ranker.Store, new ImageLimits()).ReadLabelAsync(
            easy, easy.Items[1], new RgbImage(8, 4, new byte[96]), Token);

        Assert.Equal([255, 255, 0, 0, 255, 255, 1, 1], map.TrainIds);
        Assert.Equal([4, 4], report.ClassPixels);
        Assert.Equal(0.5, report.LabelledShare);
        Assert.All(report.Thresholds, threshold => Assert.Equal(0.5, threshold, 4));
    }

    [Fact(Timeout = 60_000)]
    public async Task Class_balance_keeps_the_share_of_each_class()
    {
        var report = await GenerateAsync(
            await InputsAsync(), new PseudoLabelOptions { Policy = PseudoLabelPolicy.ClassBalanced, ClassShare = 0.25 });
        Assert.Equal([2, 2], report.ClassPixels);
        Assert.Equal([0.8, 0.9], report.Thresholds.Select(threshold => Math.Round(threshold, 3)));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_side_without_images_has_no_data_set(bool easy)
    {
        var request = await InputsAsync();
        var (all, none) = (await SplitAsync("all", "a", "b", "c"), await SplitAsync("none"));
        (request.EasySplit, request.HardSplit) = easy ? (all, none) : (none, all);
        var report = await GenerateAsync(request, new PseudoLabelOptions());
        Assert.Equal(easy, report.EasyDataset is not null);
        Assert.Equal(!easy, report.HardDataset is not null);
        Assert.Equal(easy ? 1 : 0, report.LabelledShare);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_policy_without_its_confidence_maps_is_a_failed_precondition()
    {
        var request = await InputsAsync(withConfidence: false);
        request.Options = new PseudoLabelOptions { Policy = PseudoLabelPolicy.ClassBalanced };
        var error = await FailAsync(request);
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("CONFIDENCE_MAPS_MISSING", RpcErrors.ReadReason(error));
    }

    [Fact(Timeout = 60_000)]
    public async Task Splits_that_do_not_fit_the_data_set_are_refused_by_name()
    {
        var request = await InputsAsync();
        request.EasySplit = await SplitAsync("strange", "a", "stranger");
        request.HardSplit = await SplitAsync("both", "a");
        var error = await FailAsync(request);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("'stranger' is no image", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("'a' is on both splits", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_is_cancelled_after_its_first_image_writes_no_manifest()
    {
        var request = await InputsAsync();
        await using var stream = await ranker.Store.OpenReadAsync(request.Predictions, Token);
        var rule = new PseudoLabelRule(PseudoLabelPolicy.Confidence, 0.5, 0.5);
        var inputs = PseudoLabelInputs.Match(
            await ReadDatasetAsync(request.Dataset), await PredictionsManifest.ReadAsync(stream, Token), ["b", "a"], ["c"], rule);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var generator = new PseudoLabelGenerator(ranker.Store, request.OutputPrefix, rule, cancellation.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.RunAsync(inputs, cancellation.Token));

        await foreach (var key in ranker.Store.ListAsync(request.OutputPrefix, Token))
        {
            Assert.EndsWith(".png", key, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_service_says_who_it_is()
    {
        var info = await ranker.Client.GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: Token);
        Assert.Equal("intrada-ranker", info.Service.Name);
        Assert.NotEmpty(info.Service.Version);
    }

    [Fact]
    public void A_store_that_is_not_fully_configured_is_refused_at_the_start_with_all_that_is_missing()
    {
        var error = Assert.Throws<OptionsValidationException>(
            () => RankerApplication.Create(["--Listen", "http://127.0.0.1:0", "--Store:Kind", "S3"]));
        Assert.Contains("Store:Endpoint", error.Message, StringComparison.Ordinal);
        Assert.Contains("Store:AccessKey", error.Message, StringComparison.Ordinal);
    }

    private async Task<Artifact> ScoresAsync(int rows) => await ranker.Store.PutWrittenAsync(
        $"{_prefix}/scores.parquet",
        ScoreTable.MediaType,
        (stream, cancellationToken) => ScoreTable.WriteAsync(
            stream, Enumerable.Range(0, rows).Select(i => new ScoreRow($"image-{i}", (rows - i) / 1e4, 0, new byte[] { 1 })), cancellationToken),
        Token);

    private Task<Artifact> SplitAsync(string name, params string[] ids) => ranker.Store.PutWrittenAsync(
        $"{_prefix}/{name}.txt", SplitList.MediaType, (stream, cancellationToken) => SplitList.WriteAsync(stream, ids, cancellationToken), Token);

    /// <summary>Three images of 4x2 pixels: "b" and "a" easy, the upper row class 0, the lower class 1.</summary>
    private async Task<GeneratePseudoLabelsRequest> InputsAsync(bool withConfidence = true)
    {
        var predictions = new List<PredictionItem>();
        var items = new List<DatasetItem>();
        foreach (var id in new[] { "a", "b", "c" })
        {
            float[] confidences = [0.1f, 0.4f, 0.7f, 0.8f, 0.2f, 0.3f, 0.6f, 0.9f];
            var map = await PutAsync($"{id}.label.png", LabelMapWriter.EncodePng(new LabelMap(4, 2, [0, 0, 0, 0, 1, 1, 1, 1])));
            var confidence = await PutAsync($"{id}.confidence.png", new ConfidenceMap(4, 2, [.. confidences.Select(ConfidenceMap.Quantize)]).EncodePng());
            predictions.Add(new PredictionItem(id, map, withConfidence ? confidence : null));
            items.Add(new DatasetItem { Id = id, Image = new DatasetFile { Path = $"{id}.jpg", Sha256 = new string('0', 64), SizeBytes = 1 } });
        }

        var dataset = new DatasetManifest
        {
            Name = "target",
            Classes = new ClassList { Names = ["road", "car"], Palette = [1, 2, 3, 4, 5, 6] },
            Root = "/data/target",
            Items = items,
        };
        return new GeneratePseudoLabelsRequest
        {
            Dataset = await ranker.Store.PutBytesAsync($"{_prefix}/target.json", DatasetManifestJson.Serialize(dataset), DatasetManifest.MediaType, Token),
            Predictions = await ranker.Store.PutWrittenAsync(
                $"{_prefix}/predictions.json", PredictionsManifest.MediaType, new PredictionsManifest { Items = predictions }.WriteAsync, Token),
            EasySplit = await SplitAsync("easy", "b", "a"),
            HardSplit = await SplitAsync("hard", "c"),
            OutputPrefix = $"{_prefix}/out",
        };
    }

    private async Task<StoredArtifact> PutAsync(string name, byte[] png) =>
        StoredArtifact.From(await ranker.Store.PutBytesAsync($"{_prefix}/{name}", png, "image/png", Token));

    private async Task<DatasetManifest> ReadDatasetAsync(Artifact artifact) =>
        DatasetManifestJson.Parse(await ranker.Store.ReadBytesAsync(artifact, 1 << 20, Token), artifact.Key);

    private async Task<PseudoLabelReport> GenerateAsync(GeneratePseudoLabelsRequest request, PseudoLabelOptions options)
    {
        request.Options = options;
        using var call = ranker.Client.GeneratePseudoLabels(request, cancellationToken: Token);
        var messages = new List<GeneratePseudoLabelsResponse>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(Token))
        {
            messages.Add(message);
        }

        Assert.All(messages.SkipLast(1), message => Assert.NotNull(message.Progress));
        Assert.Equal(messages[^2].Progress.Total, messages[^2].Progress.Done);
        return messages[^1].Report;
    }

    private async Task<RpcException> FailAsync(GeneratePseudoLabelsRequest request)
    {
        using var call = ranker.Client.GeneratePseudoLabels(request, cancellationToken: Token);
        return await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token));
    }
}
