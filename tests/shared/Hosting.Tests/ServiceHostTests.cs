using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Hosting.Tests;

public sealed class ServiceHostTests
{
    [Theory]
    [InlineData("")]
    [InlineData("live")]
    [InlineData("intrada.gateway.v1.GatewayService")]
    [InlineData("intrada.segmenter.v1.SegmenterService")]
    public async Task Health_answers_for_the_server_and_for_each_service(string service)
    {
        await using var server = await HostedServer.StartAsync();
        var reply = await new Health.HealthClient(server.Channel)
            .CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: TestContext.Current.CancellationToken)
            .ResponseAsync.Within();
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, reply.Status);
    }

    [Fact]
    public async Task A_service_whose_store_cannot_be_reached_lives_and_is_not_serving()
    {
        await using var server = await HostedServer.StartAsync(
            "--Store:Kind", "S3", "--Store:Endpoint", "http://127.0.0.1:9", "--Store:Bucket", "none", "--Store:AccessKey", "a", "--Store:SecretKey", "wrong-key");
        var health = new Health.HealthClient(server.Channel);
        var ready = await health.CheckAsync(new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Within();
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, ready.Status);
        var live = await health
            .CheckAsync(new HealthCheckRequest { Service = "live" }, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Within();
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, live.Status);
    }

    [Fact]
    public async Task Health_of_a_service_that_is_not_here_is_not_found()
    {
        await using var server = await HostedServer.StartAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => new Health.HealthClient(server.Channel)
            .CheckAsync(new HealthCheckRequest { Service = "no.such" }, cancellationToken: TestContext.Current.CancellationToken)
            .ResponseAsync.Within());
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Reflection_lists_the_services()
    {
        await using var server = await HostedServer.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(server.Channel)
            .ServerReflectionInfo(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within());
        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name).ToList();
        Assert.Contains("intrada.gateway.v1.GatewayService", names);
        Assert.Contains("grpc.health.v1.Health", names);
        await call.RequestStream.CompleteAsync();
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_and_one_over_the_usual_four_mebibytes_is_not()
    {
        await using var server = await HostedServer.StartAsync();
        var client = new GatewayService.GatewayServiceClient(server.Channel);
        var big = new string('x', 6 * 1024 * 1024);
        var reply = await client
            .GetWorkflowAsync(new GetWorkflowRequest { WorkflowId = big }, cancellationToken: TestContext.Current.CancellationToken)
            .ResponseAsync.Within();
        Assert.Equal(big.Length, reply.Workflow.Id.Length);

        await using var small = await HostedServer.StartAsync("--MaxMessageBytes", "65536");
        using var channel = GrpcChannel.ForAddress(small.Address);
        var error = await Assert.ThrowsAsync<RpcException>(() => new GatewayService.GatewayServiceClient(channel)
            .GetWorkflowAsync(
                new GetWorkflowRequest { WorkflowId = new string('x', 100_000) },
                cancellationToken: TestContext.Current.CancellationToken)
            .ResponseAsync.Within());
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public void An_identity_names_version_and_build_and_is_the_same_each_time()
    {
        var info = ServiceIdentity.Describe("intrada-test", typeof(ServiceHost).Assembly);
        Assert.Equal("1.0.0", info.Version);
        Assert.Matches("^1\\.0\\.0\\+[0-9a-f]{12}$", info.Build);
        Assert.Equal(info, ServiceIdentity.Describe("intrada-test", typeof(ServiceHost).Assembly));
        Assert.NotEqual(info.Build, ServiceIdentity.Describe("intrada-test", typeof(Contracts.Artifacts.V1.Artifact).Assembly).Build);
    }
}
