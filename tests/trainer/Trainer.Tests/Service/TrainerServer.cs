using Grpc.Net.Client;
using IntraDA.Hosting;
using IntraDA.Trainer.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Client = IntraDA.Contracts.Trainer.V1.TrainerService.TrainerServiceClient;

namespace IntraDA.Trainer.Tests.Service;

/// <summary>The whole service on a free port of loopback.</summary>
internal sealed class TrainerServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private TrainerServer(WebApplication app)
    {
        _app = app;
        _channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(app));
    }

    public Client Client => new(_channel);

    public TrainingJobs Jobs => _app.Services.GetRequiredService<TrainingJobs>();

    /// <summary>What it logs from now on.</summary>
    public CapturedLog Capture()
    {
        var log = new CapturedLog();
        _app.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        return log;
    }

    public static async Task<TrainerServer> StartAsync(TinyWorld world, params string[] args)
    {
        var app = TrainerApplication.Create(
            ["--Listen", "http://127.0.0.1:0", "--Store:Directory", world.Folder.FullName, "--Trainer:Threads", "1", .. args]);
        await app.StartAsync(TestContext.Current.CancellationToken).Within();
        return new TrainerServer(app);
    }

    /// <summary>Tells it to end; whoever is connected stays so.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
