using System.Text.Json;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Gateway.Reporting.Gallery;
using IntraDA.Gateway.Reporting.Tests.Samples;

namespace IntraDA.Gateway.Reporting.Tests.Gallery;

public sealed class GalleryBuilderTests
{
    private static readonly SampleOptions Small = new() { TargetImages = 24, ValidationImages = 4, Width = 64 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_missing_image_is_left_out_and_named()
    {
        using var sample = await SampleWorkflow.CreateAsync(Small, Token);
        File.Delete(Path.Combine(sample.Folder, "validation", "0001.jpg"));
        var report = await sample.Builder().BuildAsync(sample.Request, Token);
        Assert.Contains("0001.jpg", System.Text.Encoding.UTF8.GetString(report.Html), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_network_that_cannot_be_loaded_costs_the_gallery_and_not_the_report()
    {
        using var sample = await SampleWorkflow.CreateAsync(Small, Token);
        var report = await sample.Builder(new FailingPredictor(StatusCode.NotFound)).BuildAsync(sample.Request, Token);
        Assert.Contains("no such network", System.Text.Encoding.UTF8.GetString(report.Html), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(report.Json);
        Assert.Equal(44.1, json.RootElement.GetProperty("miou").GetProperty("inter").GetDouble(), 4);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_segmenter_that_is_away_is_worth_another_try()
    {
        using var sample = await SampleWorkflow.CreateAsync(Small, Token);
        var builder = sample.Builder(new FailingPredictor(StatusCode.Unavailable));
        await Assert.ThrowsAsync<RpcException>(() => builder.BuildAsync(sample.Request, Token));
    }

    private sealed class FailingPredictor(StatusCode code) : IGalleryPredictor
    {
        public Task<IReadOnlyList<GalleryPrediction>> PredictAsync(
            Artifact checkpoint, IReadOnlyList<GalleryImage> images, CancellationToken cancellationToken) =>
            throw new RpcException(new Status(code, "no such network"));
    }
}
