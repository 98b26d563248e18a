using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Telemetry;

namespace IntraDA.Hosting.Tests.Telemetry;

public sealed class CallCountTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Calls_are_counted_by_method_and_by_the_status_that_their_callers_see()
    {
        await using var server = await HostedServer.StartAsync();
        var counts = new ConcurrentDictionary<(object? Method, object? Status), long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == ServiceTelemetry.Name && instrument.Name == "intrada.calls" && ReferenceEquals(instrument.Meter.Scope, server.Meters))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            counts.AddOrUpdate((named["method"], named["status"]), count, (_, former) => former + count);
        });
        listener.Start();
        var client = new GatewayService.GatewayServiceClient(server.Channel);

        await client.GetWorkflowAsync(new GetWorkflowRequest(), cancellationToken: Token).ResponseAsync.Within();
        server.Behaviour.OnCall = _ => throw ServiceException.NotFound("workflow", "wf-1");
        await Assert.ThrowsAsync<RpcException>(() => client.GetWorkflowAsync(new GetWorkflowRequest(), cancellationToken: Token).ResponseAsync.Within());
        server.Behaviour.OnCall = _ => throw new InvalidOperationException("a defect");
        await Assert.ThrowsAsync<RpcException>(() => client.GetWorkflowAsync(new GetWorkflowRequest(), cancellationToken: Token).ResponseAsync.Within());

        const string Method = "/intrada.gateway.v1.GatewayService/GetWorkflow";
        Assert.Equal(
            [("INTERNAL", 1), ("NOT_FOUND", 1), ("OK", 1)],
            counts.Where(pair => Method.Equals(pair.Key.Method)).Select(pair => ((string)pair.Key.Status!, pair.Value)).Order());
    }
}
