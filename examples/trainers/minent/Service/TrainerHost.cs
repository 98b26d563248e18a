using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MinEntTrainer.Jobs;
using MinEntTrainer.Store;
using MinEntTrainer.Learning;

namespace MinEntTrainer.Service;

/// <summary>Puts the trainer together and runs it.</summary>
internal static class TrainerHost
{
    private const string HealthCheck = "healthcheck";
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Runs the trainer; with <c>healthcheck</c> as first word asks the one that runs.</summary>
    /// <param name="args">Command line.</param>
    /// <returns>Exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            if (args is [HealthCheck, .. var rest])
            {
                return await AskAsync(Settings.Read(rest));
            }

            await using var app = Create(Settings.Read(args));
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is SettingsException or IOException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return 1;
        }
    }

    private static WebApplication Create(Settings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.ShutdownSeconds));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var listen = new Uri(settings.Listen);
            // A watcher may pause for as long as it likes.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Parse(listen.Host), listen.Port, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IStore>(_ => settings.Store.IsS3 ? new S3Store(settings.Store) : new DirectoryStore(settings.Store.Directory));
        builder.Services.AddSingleton<JobRecords>();
        builder.Services.AddSingleton<TrainingRun>();
        builder.Services.AddSingleton<JobQueue>();
        builder.Services.AddHostedService(services => services.GetRequiredService<JobQueue>());
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<RefusalInterceptor>());
        builder.Services.AddGrpcHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy());
        builder.Services.Configure<HealthCheckPublisherOptions>(publisher => publisher.Delay = TimeSpan.Zero);
        if (settings.Threads > 0)
        {
            TorchSharp.torch.set_num_threads(settings.Threads);
        }

        var app = builder.Build();
        app.UseMiddleware<ServiceKeyGate>(settings);
        app.MapGrpcService<TrainerEndpoint>();
        app.MapGrpcHealthChecksService();
        return app;
    }

    private static async Task<int> AskAsync(Settings settings)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var channel = GrpcChannel.ForAddress(
            settings.Listen.Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal), new GrpcChannelOptions { HttpHandler = handler });
        try
        {
            var answer = await new Health.HealthClient(channel)
                .CheckAsync(new HealthCheckRequest(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime + AnswerLimit);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving ? 0 : 1;
        }
        catch (RpcException e)
        {
            await Console.Error.WriteLineAsync($"error: {settings.Listen} does not answer: {e.Status.Detail}");
            return 1;
        }
    }
}
