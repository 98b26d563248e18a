using Grpc.Net.Client;
using IntraDA.Ensemble.Tests.World;
using IntraDA.Hosting;
using Microsoft.AspNetCore.Builder;

namespace IntraDA.Durability.Tests.Processes;

/// <summary>A service in this process, whose tensors and memory can be counted.</summary>
internal sealed class HostedService : IAsyncDisposable
{
    private HostedService(WebApplication app)
    {
        App = app;
        Channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(app));
    }

    public WebApplication App { get; }

    public GrpcChannel Channel { get; }

    public static async Task<HostedService> StartAsync(Func<string[], WebApplication> create, params string[] options)
    {
        var app = create(["--Listen", "http://127.0.0.1:0", .. options]);
        await app.StartAsync(TestContext.Current.CancellationToken).Within();
        return new HostedService(app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
    }
}
