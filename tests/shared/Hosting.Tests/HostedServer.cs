using System.Diagnostics.Metrics;
using Grpc.Net.Client;
using IntraDA.Hosting.Channels;
using IntraDA.Hosting.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntraDA.Hosting.Tests;

/// <summary>A real server on a free loopback port whose methods do what the test says.</summary>
internal sealed class HostedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannels _channels;

    private HostedServer(WebApplication app)
    {
        _app = app;
        _channels = new GrpcChannels(new ServiceHostOptions());
    }

    public Behaviour Behaviour => _app.Services.GetRequiredService<Behaviour>();

    public IMeterFactory Meters => _app.Services.GetRequiredService<IMeterFactory>();

    public string Address => ServiceHost.AddressOf(_app);

    public GrpcChannel Channel => _channels.For(Address);

    public static async Task<HostedServer> StartAsync(params string[] args)
    {
        var builder = ServiceHost.CreateBuilder("intrada-test", ["--Listen", "http://127.0.0.1:0", .. args]);
        builder.Services.AddSingleton<Behaviour>();
        var app = builder.Build();
        app.MapGrpcService<ObedientGateway>();
        app.MapGrpcService<ObedientSegmenter>();
        ServiceHost.MapDefaults(app);
        await app.StartAsync(TestContext.Current.CancellationToken).Within();
        return new HostedServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        _channels.Dispose();
        await _app.DisposeAsync();
    }
}
