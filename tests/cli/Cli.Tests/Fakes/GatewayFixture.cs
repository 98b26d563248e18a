using System.Text;
using Google.Protobuf.WellKnownTypes;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace IntraDA.Cli.Tests.Fakes;

/// <summary>A fake gateway on a real server on loopback.</summary>
internal sealed class GatewayFixture : IAsyncDisposable
{
    private readonly WebApplication _application;

    private GatewayFixture(WebApplication application, FakeGateway gateway)
    {
        _application = application;
        Gateway = gateway;
    }

    public FakeGateway Gateway { get; }

    public string Address => _application.Urls.Single();

    public static async Task<GatewayFixture> StartAsync()
    {
        var gateway = new FakeGateway();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddGrpcHealthChecks().AddCheck("fake", () => HealthCheckResult.Healthy());
        builder.Services.AddSingleton(gateway);
        var application = builder.Build();
        application.MapGrpcService<FakeGateway>();
        application.MapGrpcHealthChecksService();
        await application.StartAsync();
        return new GatewayFixture(application, gateway);
    }

    /// <summary>Lets the workflow have gone through two stages and reported.</summary>
    public void SucceedWith(string reportJson)
    {
        Gateway.Workflow.ReportHtml = Gateway.Put("reports/report.html", "<html></html>"u8.ToArray(), "text/html");
        Gateway.Workflow.ReportJson = Gateway.Put("reports/report.json", Encoding.UTF8.GetBytes(reportJson), "application/json");
        var start = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch);
        Stage Inter(WorkflowState state) => new() { Kind = StageKind.Inter, State = state, StartTime = start };
        var finished = Inter(WorkflowState.Succeeded);
        finished.EndTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddSeconds(65));
        Gateway.Workflow.Stages.AddRange([new Stage { Kind = StageKind.Source, State = WorkflowState.Succeeded, Reused = true }, finished]);
        Gateway.Events.AddRange(
        [
            new() { Sequence = 1, Stage = Gateway.Workflow.Stages[0] },
            new() { Sequence = 2, Stage = Inter(WorkflowState.Running) },
            new()
            {
                Sequence = 2,
                Progress = new StageProgress
                {
                    Stage = StageKind.Inter,
                    Progress = new Progress { Activity = "training", Done = 3, Total = 10, Unit = "iteration", Rate = 2, SecondsLeft = 3.5 },
                },
            },
            new() { Sequence = 3, Stage = finished },
            new() { Sequence = 4, Workflow = new Workflow { Id = Gateway.Workflow.Id, State = WorkflowState.Succeeded } },
        ]);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
