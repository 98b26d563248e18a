using System.Diagnostics.Metrics;
using IntraDA.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace IntraDA.Deploy.Tests.Observability;

/// <summary>The instruments that services export, under the names that the collector gives them for Prometheus.</summary>
internal static class EmittedMetrics
{
    // Those of TelemetrySetup that exist in this process; the framework makes its own when it serves.
    private static readonly string[] Meters = [ServiceTelemetry.Name, "System.Runtime"];

    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal) { ["s"] = "_seconds", ["By"] = "_bytes", ["1"] = "" };

    /// <summary>All series of all instruments.</summary>
    public static IReadOnlySet<string> Names()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (Meters.Contains(instrument.Meter.Name))
                {
                    names.UnionWith(SeriesOf(instrument));
                }
            },
        };
        listener.Start();
        using var services = new ServiceCollection().AddMetrics().AddSingleton<ServiceTelemetry>().BuildServiceProvider();
        services.GetRequiredService<ServiceTelemetry>().ObserveQueue("images", () => 0);
        return names;
    }

    /// <summary>The series of one instrument, by the collector's rules: dots to underscores, the unit behind the name, _total behind counters, _ratio behind gauges of unit 1.</summary>
    public static IEnumerable<string> SeriesOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        // Units in braces are for readers only.
        var unit = instrument.Unit is { Length: > 0 } given && !given.StartsWith('{') ? Units[given] : "";
        var name = instrument.Name.Replace('.', '_') + unit;
        var isGauge = type == typeof(Gauge<>) || type == typeof(ObservableGauge<>);
        return type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? [$"{name}_total"]
            : type == typeof(Histogram<>) ? [$"{name}_bucket", $"{name}_count", $"{name}_sum"]
            : isGauge && instrument.Unit == "1" ? [$"{name}_ratio"]
            : [name];
    }
}
