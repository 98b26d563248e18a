using System.ComponentModel.DataAnnotations;
using System.Net;
using IntraDA.Artifacts.Store;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Gateway.Datasets;
using IntraDA.Gateway.Models;
using IntraDA.Gateway.Options;
using IntraDA.Gateway.Predictions;
using IntraDA.Gateway.Reporting;
using IntraDA.Gateway.Reporting.Gallery;
using IntraDA.Gateway.Segmenters;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Trainers;
using IntraDA.Gateway.Transfers;
using IntraDA.Gateway.Web;
using IntraDA.Gateway.Workflows;
using IntraDA.Gateway.Workflows.Running;
using IntraDA.Gateway.Workflows.Specs;
using IntraDA.Gateway.Workflows.Stages;
using IntraDA.Gateway.Workflows.State;
using IntraDA.Hosting;
using IntraDA.Hosting.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace IntraDA.Gateway;

/// <summary>The gateway as an application.</summary>
public static class GatewayApplication
{
    /// <summary>Builds the gateway.</summary>
    /// <param name="args">
    /// Command line: <c>--Listen</c>, <c>--Web:Listen</c>, <c>--Services:Segmenter</c>, <c>--Services:Ranker</c>,
    /// <c>--Services:Trainers:0</c>, <c>--Store:Directory</c>, ...
    /// </param>
    /// <returns>The application, ready to be run.</returns>
    /// <exception cref="OptionsValidationException">The options are not allowed; every violation is listed.</exception>
    public static WebApplication Create(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(GatewayIdentity.Name, args);
        var options = BindOptions(builder.Configuration);
        builder.Services.AddSingleton(options);
        AddServices(builder.Services);
        AddWorkflows(builder.Services);
        ListenToBrowsers(builder, new Uri(options.Web.Listen));

        var app = builder.Build();
        app.MapGrpcService<GatewayGrpcService>();
        WebEndpoints.Map(app);
        ServiceHost.MapDefaults(app);
        return app;
    }

    /// <summary>The address of the HTTP/1.1 port of a started gateway.</summary>
    /// <param name="app">A started application.</param>
    /// <returns>Its URL, without '/' at the end.</returns>
    public static string WebAddressOf(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Services.GetRequiredService<WebAddress>().Base.AbsoluteUri.TrimEnd('/');
    }

    private static GatewayOptions BindOptions(ConfigurationManager configuration)
    {
        var options = new GatewayOptions();
        configuration.Bind(options);
        var violations = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), violations, validateAllProperties: true);
        var host = new ServiceHostOptions();
        configuration.Bind(host);
        violations.AddRange(options.Web.Validate(host).Select(violation => new ValidationResult(violation)));
        if (violations.Count > 0)
        {
            throw new OptionsValidationException(
                nameof(GatewayOptions), typeof(GatewayOptions), violations.Select(v => v.ErrorMessage!));
        }

        return options;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<GatewayIdentity>();
        services.AddSingleton<IRandomSource, SystemRandomSource>();
        services.AddSingleton<SegmenterPool>();
        services.AddHostedService(provider => provider.GetRequiredService<SegmenterPool>());
        services.AddSingleton<ShardStore>();
        services.AddSingleton<ScoringFanOut>();
        services.AddSingleton<Backends>();
        services.AddSingleton<StepRetry>();
        services.AddSingleton<SegmenterSteps>();
        services.AddSingleton<RankerSteps>();
        services.AddSingleton<TrainerDirectory>();
        services.AddHostedService(provider => provider.GetRequiredService<TrainerDirectory>());
        services.AddSingleton<DatasetRoots>();
        services.AddSingleton<DatasetRegistry>();
        services.AddSingleton<DatasetCalls>();
        services.AddSingleton<BareKeys>();
        services.AddSingleton<ModelResolver>();
        services.AddSingleton<ModelLister>();
        services.AddSingleton<PredictionProxy>();
        services.AddSingleton<DatasetRuns>();
        services.AddSingleton<WebAddress>();
        services.AddSingleton<LinkSigner>();
        services.AddSingleton<ArtifactTransfers>();
        services.AddSingleton<ServiceCalls>();
        services.AddSingleton<IGalleryPredictor>(provider => new SegmenterGalleryPredictor(() => provider.GetRequiredService<Backends>().Segmenter));
        services.AddSingleton<IReportBuilder>(provider => new ReportBuilder(
            provider.GetRequiredService<IArtifactStore>(),
            new DatasetFileReader(provider.GetRequiredService<IArtifactStore>(), provider.GetRequiredService<ImageLimits>()),
            provider.GetRequiredService<IGalleryPredictor>(),
            provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddWorkflows(IServiceCollection services)
    {
        services.AddSingleton<GivenSteps>();
        services.AddSingleton<SpecResolver>();
        services.AddSingleton<WorkflowIds>();
        services.AddSingleton<RequestLedger>();
        services.AddSingleton<GatewayProcess>();
        services.AddSingleton<WorkflowRepository>();
        services.AddSingleton<StageCache>();
        services.AddSingleton<StageFiles>();
        services.AddSingleton<TrainingDriver>();
        services.AddSingleton<TrainingPlanner>();
        services.AddSingleton<IStage, SourceStage>();
        services.AddSingleton<IStage, InterStage>();
        services.AddSingleton<IStage, ScoreStage>();
        services.AddSingleton<IStage, RankStage>();
        services.AddSingleton<IStage, PseudoLabelStage>();
        services.AddSingleton<IStage, IntraStage>();
        services.AddSingleton<IStage, SourceContinuedStage>();
        services.AddSingleton<IStage, SourceRenormalizedStage>();
        services.AddSingleton<IStage, InterContinuedStage>();
        services.AddSingleton<IStage, EvaluateStage>();
        services.AddSingleton<IStage, ReportStage>();
        services.AddSingleton<LiveFeeds>();
        services.AddSingleton<CancelMarks>();
        services.AddSingleton<WorkflowExecutor>();
        services.AddSingleton<WorkflowWatcher>();
        services.AddSingleton<WorkflowCalls>();
        services.AddSingleton<WorkflowEngine>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkflowEngine>());
    }

    private static void ListenToBrowsers(WebApplicationBuilder builder, Uri listen)
    {
        var address = listen.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(listen.IdnHost.Trim('[', ']'));
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(address, listen.Port, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                if (listen.Scheme == "https")
                {
                    ServiceHost.UseTls(endpoint);
                }
            }));
        if (listen.Scheme == "https")
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }
    }
}
