using IntraDA.Hosting.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Resources;

namespace IntraDA.Hosting.Telemetry;

/// <summary>Logs, and where a collector is named the export of traces, metrics and logs to it.</summary>
internal static class TelemetrySetup
{
    // The variable by which every OpenTelemetry program is told of its collector.
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(WebApplicationBuilder builder, string serviceName, ServiceHostOptions options)
    {
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<ServiceTelemetry>();
        AddLogging(builder, options.Log);
        if (Environment.GetEnvironmentVariable(Endpoint) is not { Length: > 0 })
        {
            return;
        }

        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeScopes = true;
            logs.IncludeFormattedMessage = true;
        });
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(serviceName, serviceInstanceId: Environment.MachineName))
            // The framework's own sources: calls that come in, and calls that go out.
            .WithTracing(tracing => tracing.AddSource(ServiceTelemetry.Name, "Microsoft.AspNetCore", "System.Net.Http"))
            .WithMetrics(metrics => metrics.AddMeter(
                ServiceTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"))
            .UseOtlpExporter();
    }

    private static void AddLogging(WebApplicationBuilder builder, LogOptions options)
    {
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        // Says with every look what the check itself says when it changes.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // Says with a stack what callers sent wrong; the interceptor and the guard say it in a line.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Critical);
        if (options.Format == LogFormat.Json)
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            });
        }

        // Standard output belongs to results and to the line that says a server is ready.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
