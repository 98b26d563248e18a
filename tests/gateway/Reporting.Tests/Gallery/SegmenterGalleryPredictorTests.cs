using Grpc.Core;
using Grpc.Net.Client;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Gateway.Reporting.Gallery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntraDA.Gateway.Reporting.Tests.Gallery;

public sealed class SegmenterGalleryPredictorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Images_come_back_in_order_and_a_bad_one_does_not_stop_the_rest()
    {
        await using var server = await StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Urls.Single());
        var predictor = new SegmenterGalleryPredictor(() => new SegmenterService.SegmenterServiceClient(channel));
        var answers = await predictor.PredictAsync(
            new Artifact { Key = "weights" }, [new("a", [1, 2]), new("b", []), new("c", [3])], Token);
        Assert.Equal(["a", "b", "c"], answers.Select(a => a.Id));
        Assert.Equal([1, 2], answers[0].LabelMap);
        Assert.Equal("it is empty", answers[1].Error);
        Assert.Null(answers[2].Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refused_network_is_an_rpc_error_with_the_segmenters_reason()
    {
        await using var server = await StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Urls.Single());
        var predictor = new SegmenterGalleryPredictor(() => new SegmenterService.SegmenterServiceClient(channel));
        var exception = await Assert.ThrowsAsync<RpcException>(
            () => predictor.PredictAsync(new Artifact { Key = "missing" }, [new("a", [1]), new("b", [2])], Token));
        Assert.Equal(StatusCode.NotFound, exception.StatusCode);
        Assert.Equal("no such checkpoint", exception.Status.Detail);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        var server = builder.Build();
        server.MapGrpcService<ScriptedSegmenter>();
        await server.StartAsync(Token);
        return server;
    }
}
