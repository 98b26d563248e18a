using IntraDA.Artifacts.Store;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Scoring;
using IntraDA.Hosting;
using IntraDA.Learning.Devices;
using IntraDA.Learning.Networks;
using IntraDA.Segmenter.Datasets;
using IntraDA.Segmenter.Engines;
using IntraDA.Segmenter.Predictions;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter;

/// <summary>Puts the segmenter together.</summary>
public static class SegmenterApplication
{
    /// <summary>Name under which the segmenter reports itself.</summary>
    public const string Name = "intrada-segmenter";

    /// <summary>Creates the service.</summary>
    /// <param name="args">Command line, <c>--Key value</c>.</param>
    /// <returns>The application, not started.</returns>
    public static WebApplication Create(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(Name, args);
        builder.Services.AddOptions<SegmenterOptions>().BindConfiguration(SegmenterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(p => new ScorerIdentity(
            ServiceIdentity.Describe(Name, typeof(SegmenterApplication).Assembly), p.GetRequiredService<IOptions<SegmenterOptions>>().Value.EffectivePrecision));
        builder.Services.AddSingleton(p => Limits(p.GetRequiredService<IOptions<SegmenterOptions>>().Value));
        builder.Services.AddSingleton(p => Placement(p.GetRequiredService<IOptions<SegmenterOptions>>().Value));
        builder.Services.AddSingleton(p => new DatasetFileReader(
            p.GetRequiredService<IArtifactStore>(), p.GetRequiredService<ImageLimits>(), p.GetRequiredService<FileCache>()));
        builder.Services.AddSingleton<EngineCache>();
        builder.Services.AddSingleton<ImageTurns>();
        builder.Services.AddSingleton<MicroBatches>();
        builder.Services.AddSingleton<PixelBudget>();
        builder.Services.AddSingleton<Predictor>();
        builder.Services.AddSingleton<StreamPredictor>();
        builder.Services.AddSingleton<StreamPlaces>();
        builder.Services.AddSingleton<DatasetScoring>();
        builder.Services.AddSingleton<DatasetEvaluation>();

        var app = builder.Build();
        TorchProcess.Prepare(app.Services.GetRequiredService<IOptions<SegmenterOptions>>().Value.Threads);

        app.MapGrpcService<SegmenterGrpcService>();
        ServiceHost.MapDefaults(app);
        return app;
    }

    private static TensorPlacement Placement(SegmenterOptions options)
    {
        try
        {
            return TorchDevices.Resolve(options.Device);
        }
        catch (NoSuchDeviceException e)
        {
            throw new OptionsValidationException(nameof(SegmenterOptions), typeof(SegmenterOptions), [$"Device: {e.Message}"]);
        }
    }

    private static ImageLimits Limits(SegmenterOptions options) =>
        new() { MaxBytes = options.MaxImageBytes, MaxPixels = options.MaxImagePixels };
}
