using IntraDA.Artifacts.Store;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Hosting;
using IntraDA.Hosting.Options;
using IntraDA.Learning.Devices;
using IntraDA.Trainer.Jobs;
using IntraDA.Trainer.Loading;
using IntraDA.Trainer.Training;
using Microsoft.Extensions.Options;

namespace IntraDA.Trainer;

/// <summary>Puts the trainer together.</summary>
public static class TrainerApplication
{
    /// <summary>Name under which the trainer reports itself.</summary>
    public const string Name = "intrada-trainer";

    /// <summary>Creates the service.</summary>
    /// <param name="args">Command line, <c>--Key value</c>.</param>
    /// <returns>The application, not started.</returns>
    public static WebApplication Create(string[] args) => Create(args, TrainerRelease.Current());

    /// <summary>Creates the service as another release than this assembly is.</summary>
    /// <param name="args">Command line, <c>--Key value</c>.</param>
    /// <param name="release">What it registers as.</param>
    /// <returns>The application, not started.</returns>
    public static WebApplication Create(string[] args, TrainerRelease release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var builder = ServiceHost.CreateBuilder(Name, args);
        builder.Services.AddOptions<TrainerOptions>().BindConfiguration(TrainerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(release);
        builder.Services.AddSingleton(p => new DatasetFileReader(
            p.GetRequiredService<IArtifactStore>(), p.GetRequiredService<ImageLimits>(), p.GetRequiredService<FileCache>()));
        builder.Services.AddSingleton(p => new SampleCache(p.GetRequiredService<IOptions<TrainerOptions>>().Value.CacheBytes));
        builder.Services.AddSingleton(
            p => Saving(p.GetRequiredService<IOptions<TrainerOptions>>().Value, p.GetRequiredService<ServiceHostOptions>()));
        builder.Services.AddSingleton<TrainingPlanner>();
        builder.Services.AddSingleton<TrainingRun>();
        builder.Services.AddSingleton<TrainingRecords>();
        builder.Services.AddSingleton<TrainerCapabilities>();
        builder.Services.AddSingleton<TrainingJobs>();
        builder.Services.AddHostedService(p => p.GetRequiredService<TrainingJobs>());

        var app = builder.Build();
        TorchProcess.Prepare(app.Services.GetRequiredService<IOptions<TrainerOptions>>().Value.Threads);

        // Counting parameters builds every network once: done before the first who asks has to wait for it.
        app.Lifetime.ApplicationStarted.Register(
            () => _ = Task.Run(() => app.Services.GetRequiredService<TrainerCapabilities>().Architectures));
        app.MapGrpcService<TrainerGrpcService>();
        ServiceHost.MapDefaults(app);
        return app;
    }

    private static CheckpointInterval Saving(TrainerOptions options, ServiceHostOptions host)
    {
        if (options.FarewellSeconds > host.ShutdownSeconds)
        {
            throw new OptionsValidationException(
                nameof(TrainerOptions),
                typeof(TrainerOptions),
                [$"Trainer:FarewellSeconds: a service that is told to end has gone after ShutdownSeconds, {host.ShutdownSeconds} s; give it more, or the last checkpoint less than {options.FarewellSeconds} s."]);
        }

        var seconds = options.FarewellSeconds > 0
            ? options.FarewellSeconds
            : Math.Max(host.ShutdownSeconds, CheckpointInterval.LeastFarewell.TotalSeconds);
        return CheckpointInterval.OfMinutes(options.CheckpointMinutes, TimeSpan.FromSeconds(seconds));
    }
}
