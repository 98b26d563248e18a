using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Ensemble.Tests.Clients;

/// <summary>What any client may ask of any service.</summary>
public sealed class HealthAndReflectionTests(RunningEnsemble ensemble)
{
    [Theory]
    [InlineData("gateway", "intrada.gateway.v1.GatewayService")]
    [InlineData("segmenter", "intrada.segmenter.v1.SegmenterService")]
    [InlineData("ranker", "intrada.ranker.v1.RankerService")]
    [InlineData("trainer", "intrada.trainer.v1.TrainerService")]
    public async Task Every_service_says_that_it_serves_and_what(string service, string name)
    {
        var token = TestContext.Current.CancellationToken;
        using var channel = GrpcChannel.ForAddress(AddressOf(ensemble, service));
        var health = new Health.HealthClient(channel);
        foreach (var asked in new[] { "", name })
        {
            var answer = await health.CheckAsync(new HealthCheckRequest { Service = asked }, cancellationToken: token).ResponseAsync.Within();
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
        }

        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: token);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, token).Within();
        Assert.True(await call.ResponseStream.MoveNext(token).Within());
        Assert.Contains(name, call.ResponseStream.Current.ListServicesResponse.Service.Select(one => one.Name));
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = name }, token).Within();
        Assert.True(await call.ResponseStream.MoveNext(token).Within());
        Assert.NotEmpty(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
        await call.RequestStream.CompleteAsync().Within();
    }

    internal static string AddressOf(RunningEnsemble ensemble, string service) => service switch
    {
        "gateway" => ensemble.Services.Gateway,
        "segmenter" => ensemble.Services.Segmenter,
        "ranker" => ensemble.Services.Ranker,
        _ => ensemble.Services.Trainer,
    };
}
