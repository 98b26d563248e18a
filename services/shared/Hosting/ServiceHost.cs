using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.AspNetCore.HealthChecks;
using Grpc.AspNetCore.Server;
using IntraDA.Access;
using IntraDA.Artifacts.Store;
using IntraDA.Data.Files;
using IntraDA.Hosting.Access;
using IntraDA.Hosting.Channels;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Limits;
using IntraDA.Hosting.Options;
using IntraDA.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntraDA.Hosting;

/// <summary>What every service of the ensemble has in common: a gRPC server with health, reflection, limits and one error form.</summary>
public static class ServiceHost
{
    private static readonly Dictionary<string, int> DefaultPorts = new(StringComparer.Ordinal)
    {
        ["gateway"] = 7410,
        ["segmenter"] = 7411,
        ["ranker"] = 7412,
        ["trainer"] = 7413,
    };

    /// <summary>A builder with everything but the service's own parts.</summary>
    /// <param name="serviceName">
    /// Name of the service; its last part after '-' (gateway, segmenter, ranker, trainer) chooses the default port, any other
    /// listens on a free one.
    /// </param>
    /// <param name="args">Command line, <c>--Key value</c>; it wins over the environment (<c>INTRADA_Key</c>), and that over appsettings.json.</param>
    /// <returns>The builder; <see cref="IArtifactStore"/>, <see cref="GrpcChannels"/> and <see cref="ServiceHostOptions"/> are registered.</returns>
    /// <exception cref="OptionsValidationException">The options are not allowed; every violation is listed.</exception>
    public static WebApplicationBuilder CreateBuilder(string serviceName, string[] args)
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceName);
        ArgumentNullException.ThrowIfNull(args);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = serviceName,
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddSources(builder.Configuration, args);

        var options = BindOptions(serviceName, builder.Configuration);
        var limits = BindLimits(builder.Configuration);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(limits);
        builder.Services.TryAddSingleton(limits.ToImages());
        builder.Services.AddSingleton<GrpcChannels>();
        builder.Services.AddSingleton(CreateCredentials);
        builder.Services.TryAddSingleton(TimeProvider.System);
        AddStore(builder);
        TelemetrySetup.Add(builder, serviceName, options);
        AddServer(builder, options, limits);
        AddGrpc(builder.Services, options);
        return builder;
    }

    /// <summary>
    /// Maps health and reflection, and asks callers who they are. Call it after the service's own <c>MapGrpcService</c>: health
    /// answers for each of them, and as "live" for the process alone, whose store may be out of reach.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <exception cref="OptionsValidationException">A file of keys or certificates cannot be used.</exception>
    public static void MapDefaults(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<CallGuard>(app.Services.GetRequiredService<LimitOptions>());
        app.UseMiddleware<AccessMiddleware>(app.Services.GetRequiredService<Credentials>());
        var health = app.Services.GetRequiredService<IOptions<GrpcHealthChecksOptions>>().Value;
        health.Services.Map("", _ => true);
        health.Services.Map(StoreHealthCheck.LiveService, check => check.Name == StoreHealthCheck.LiveService);
        foreach (var name in ((IEndpointRouteBuilder)app).DataSources
                     .SelectMany(source => source.Endpoints)
                     .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName)
                     .OfType<string>()
                     .Distinct(StringComparer.Ordinal))
        {
            health.Services.Map(name, _ => true);
        }

        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
    }

    /// <summary>Creates and runs a service until it is told to end; with <c>healthcheck</c> as first argument asks the one that runs.</summary>
    /// <param name="serviceName">As in <see cref="CreateBuilder"/>.</param>
    /// <param name="args">Command line.</param>
    /// <param name="create">Creates the service; refused options throw here.</param>
    /// <returns>Exit code: 0 after a graceful end, or where the service that was asked serves; else 1, the reason on standard error.</returns>
    public static Task<int> RunAsync(string serviceName, string[] args, Func<string[], WebApplication> create)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(create);
        return args is [HealthProbe.Command, ..] ? AskAsync(serviceName, args[1..]) : RunAsync(() => create(args));
    }

    /// <summary>Creates and runs a service until it is told to end.</summary>
    /// <param name="create">Creates the service; refused options throw here.</param>
    /// <returns>Exit code: 0 after a graceful end, 1 where it could not start. The reason is one line on standard error.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        try
        {
            var app = create();
            await using (app.ConfigureAwait(false))
            {
                await app.RunAsync().ConfigureAwait(false);
            }

            return 0;
        }
        catch (Exception e) when (e is OptionsValidationException or IOException or ServiceException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    /// <summary>The address on which a started service answers, with the port that it really got.</summary>
    /// <param name="app">A started application.</param>
    /// <returns>The URL of its gRPC port.</returns>
    public static string AddressOf(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("The service has not been started.");
    }

    /// <summary>An address that this machine can call: every interface is no place to go to.</summary>
    /// <param name="address">URL on which a service listens, without '/' at the end.</param>
    /// <returns>The same URL, with the loopback address in place of "every interface".</returns>
    public static string Reachable(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//[::]:", "//[::1]:", StringComparison.Ordinal);
    }

    /// <summary>Encrypts an endpoint with the service's certificate, and asks for client certificates where some are accepted.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static void UseTls(ListenOptions endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var options = endpoint.ApplicationServices.GetRequiredService<ServiceHostOptions>();
        var credentials = endpoint.ApplicationServices.GetRequiredService<Credentials>();
        endpoint.UseHttps(https =>
        {
            https.ServerCertificate = X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.KeyFile);
            if (credentials.AcceptsCertificates)
            {
                // Not required: a caller may bring a key instead, and health is asked for without either.
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => credentials.IsAccepted(certificate);
            }
        });
    }

    /// <summary>What a command line, the environment and appsettings.json say of callers, before any service is created.</summary>
    /// <param name="args">Command line.</param>
    /// <returns>The options, not validated.</returns>
    public static AuthOptions ReadAuth(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        using var configuration = new ConfigurationManager();
        configuration.SetBasePath(AppContext.BaseDirectory);
        AddSources(configuration, args);
        var options = new ServiceHostOptions();
        configuration.Bind(options);
        return options.Auth;
    }

    private static async Task<int> AskAsync(string serviceName, string[] args)
    {
        using var configuration = new ConfigurationManager();
        configuration.SetBasePath(AppContext.BaseDirectory);
        AddSources(configuration, args);
        try
        {
            return await HealthProbe.RunAsync(BindOptions(serviceName, configuration)).ConfigureAwait(false);
        }
        catch (OptionsValidationException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    private static void AddSources(IConfigurationBuilder configuration, string[] args) => configuration
        .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
        .AddEnvironmentVariables("INTRADA_")
        .AddCommandLine(WithFlagValues(args));

    // The configuration knows no options without a value.
    private static string[] WithFlagValues(string[] args) =>
    [
        .. args.SelectMany((arg, i) =>
            arg.Equals("--insecure", StringComparison.OrdinalIgnoreCase) && (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal))
                ? new[] { arg, "true" }
                : [arg]),
    ];

    private static Credentials CreateCredentials(IServiceProvider provider)
    {
        try
        {
            return new Credentials(
                provider.GetRequiredService<ServiceHostOptions>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<Credentials>>());
        }
        catch (KeyFileException e)
        {
            throw new OptionsValidationException(nameof(AuthOptions), typeof(AuthOptions), [e.Message]);
        }
    }

    private static ServiceHostOptions BindOptions(string serviceName, ConfigurationManager configuration)
    {
        var options = new ServiceHostOptions();
        configuration.Bind(options);
        if (options.Listen.Length == 0)
        {
            var port = DefaultPorts.GetValueOrDefault(serviceName[(serviceName.LastIndexOf('-') + 1)..]);
            options.Listen = $"http://127.0.0.1:{port}";
        }

        var violations = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), violations, validateAllProperties: true))
        {
            throw new OptionsValidationException(
                nameof(ServiceHostOptions), typeof(ServiceHostOptions), violations.Select(v => v.ErrorMessage!));
        }

        return options;
    }

    private static LimitOptions BindLimits(ConfigurationManager configuration)
    {
        var limits = new LimitOptions();
        configuration.GetSection("Limits").Bind(limits);
        var violations = new List<ValidationResult>();
        if (!Validator.TryValidateObject(limits, new ValidationContext(limits), violations, validateAllProperties: true))
        {
            throw new OptionsValidationException(
                nameof(LimitOptions), typeof(LimitOptions), violations.Select(v => $"Limits: {v.ErrorMessage}"));
        }

        return limits;
    }

    private static void AddStore(WebApplicationBuilder builder)
    {
        var store = new StoreOptions();
        builder.Configuration.GetSection(StoreOptions.Section).Bind(store);
        if (store.Kind == StoreKind.Local && store.Directory.Length == 0)
        {
            // Services that are started by hand on one machine meet in the same place without being told.
            store.Directory = Path.Combine(HomeDirectory.Default, "store");
        }

        var violations = store.Validate();
        if (violations.Count > 0)
        {
            throw new OptionsValidationException(nameof(StoreOptions), typeof(StoreOptions), violations);
        }

        builder.Services.AddSingleton<IArtifactStore>(provider => new TracedArtifactStore(
            ArtifactStoreFactory.Create(store, provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<ServiceTelemetry>(),
            provider.GetRequiredService<TimeProvider>()));
        AddFileCache(builder, store);
    }

    private static void AddFileCache(WebApplicationBuilder builder, StoreOptions store)
    {
        var cache = new FileCacheOptions();
        builder.Configuration.GetSection(FileCacheOptions.Section).Bind(cache);
        var violations = cache.Validate();
        if (violations.Count > 0)
        {
            throw new OptionsValidationException(nameof(FileCacheOptions), typeof(FileCacheOptions), violations);
        }

        var directory = cache.Directory.Length > 0 ? cache.Directory : Path.Combine(HomeDirectory.Default, "cache", "datasets");
        var maxBytes = cache.MaxBytes ?? (store.Kind == StoreKind.S3 ? FileCacheOptions.DefaultMaxBytes : 0);
        builder.Services.AddSingleton(provider => new FileCache(directory, maxBytes, provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddServer(WebApplicationBuilder builder, ServiceHostOptions options, LimitOptions limits)
    {
        var listen = new Uri(options.Listen);
        var address = listen.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(listen.IdnHost.Trim('[', ']'));
        builder.WebHost.UseKestrelCore();
        if (listen.Scheme == "https")
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
            // A watcher may pause for as long as it likes: back pressure, not a broken stream, is the answer.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(30);
            kestrel.Listen(address, listen.Port, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http2;
                if (listen.Scheme == "https")
                {
                    UseTls(endpoint);
                }
            });
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.ShutdownSeconds));
    }

    private static void AddGrpc(IServiceCollection services, ServiceHostOptions options)
    {
        services.AddSingleton<ErrorInterceptor>();
        services.AddSingleton<LogScopeInterceptor>();
        services.AddSingleton<CallCountInterceptor>();
        services.AddGrpc(grpc =>
        {
            grpc.EnableDetailedErrors = false;
            grpc.MaxReceiveMessageSize = options.MaxMessageBytes;
            grpc.MaxSendMessageSize = options.MaxMessageBytes;
            // The first is the outermost: it sees the status that the last has made of an exception.
            grpc.Interceptors.Add<CallCountInterceptor>();
            grpc.Interceptors.Add<LogScopeInterceptor>();
            grpc.Interceptors.Add<ErrorInterceptor>();
        });
        services.AddGrpcReflection();
        services.AddSingleton<StoreHealthCheck>();
        services.AddGrpcHealthChecks()
            .AddCheck(StoreHealthCheck.LiveService, () => HealthCheckResult.Healthy())
            .AddCheck<StoreHealthCheck>("store");
        services.Configure<HealthCheckPublisherOptions>(publisher =>
        {
            publisher.Delay = TimeSpan.Zero;
            publisher.Period = TimeSpan.FromSeconds(5);
        });
    }
}
