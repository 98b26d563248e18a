using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using IntraDA.Contracts.Gateway.V1;
using Microsoft.Extensions.Options;

namespace IntraDA.Hosting.Tests.Options;

public sealed class LimitOptionsTests
{
    [Theory]
    [InlineData("CallSeconds", "0")]
    [InlineData("StreamSeconds", "-1")]
    [InlineData("MaxConnections", "0")]
    [InlineData("MaxImageBytes", "1")]
    [InlineData("MaxImagePixels", "4294967296")]
    [InlineData("MaxManifestBytes", "0")]
    [InlineData("MaxUploadBytes", "-5")]
    public void A_limit_out_of_range_stops_the_start_by_name(string name, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => ServiceHost.CreateBuilder("intrada-test", [$"--Limits:{name}", value]));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_without_a_deadline_and_one_with_a_later_one_end_at_the_limit()
    {
        await using var server = await HostedServer.StartAsync("--Limits:CallSeconds", "1");
        server.Behaviour.OnCall = context => Task.Delay(Timeout.Infinite, context.CancellationToken);
        using var channel = GrpcChannel.ForAddress(server.Address);
        foreach (var deadline in new DateTime?[] { null, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1) })
        {
            var watch = Stopwatch.StartNew();
            var error = await Assert.ThrowsAsync<RpcException>(() => new GatewayService.GatewayServiceClient(channel)
                .GetWorkflowAsync(new GetWorkflowRequest(), deadline: deadline, cancellationToken: TestContext.Current.CancellationToken)
                .ResponseAsync.Within());
            Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
            Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 15);
        }
    }
}
