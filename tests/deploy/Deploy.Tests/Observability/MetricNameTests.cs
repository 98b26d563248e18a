using System.Text.Json.Nodes;
using IntraDA.Ensemble.Tests.Processes;
using YamlDotNet.Serialization;

namespace IntraDA.Deploy.Tests.Observability;

/// <summary>Dashboard and alarms ask for what services emit: a name that nobody emits is a panel that stays empty and an alarm that never rings.</summary>
public sealed class MetricNameTests
{
    // Made by Prometheus itself, of its alarms.
    private const string Alarms = "ALERTS";

    private static string Folder => Path.Combine(Places.Root, "deploy", "compose", "observability");

    [Fact]
    public void The_dashboard_asks_for_metrics_that_the_services_emit()
    {
        var emitted = EmittedMetrics.Names();
        var asked = Dashboard().SelectMany(query => PromQuery.MetricsOf(query)).ToHashSet();
        Assert.True(asked.Count >= 10, string.Join(", ", asked));
        Assert.All(asked, name => Assert.True(name == Alarms || emitted.Contains(name), $"'{name}' is emitted by nobody; there is {string.Join(", ", emitted.Order())}."));
        Assert.Contains(Alarms, asked);
    }

    [Fact]
    public void The_alarms_ask_for_metrics_that_the_services_emit_and_the_operators_page_knows_each_of_them()
    {
        var emitted = EmittedMetrics.Names();
        var page = File.ReadAllText(Path.Combine(Places.Root, "docs", "operations.md"));
        var rules = Rules();
        Assert.NotEmpty(rules);
        foreach (var (alarm, query) in rules)
        {
            var asked = PromQuery.MetricsOf(query);
            Assert.NotEmpty(asked);
            Assert.All(asked, name => Assert.True(emitted.Contains(name), $"{alarm}: '{name}' is emitted by nobody."));
            Assert.True(page.Contains($"| `{alarm}` |", StringComparison.Ordinal), $"docs/operations.md does not say what {alarm} means.");
        }
    }

    [Fact]
    public void The_operators_page_knows_every_metric_of_ours()
    {
        var page = File.ReadAllText(Path.Combine(Places.Root, "docs", "operations.md"));
        var families = EmittedMetrics.Names().Where(name => name.StartsWith("intrada_", StringComparison.Ordinal) && !name.EndsWith("_bucket", StringComparison.Ordinal) && !name.EndsWith("_sum", StringComparison.Ordinal))
            .Select(name => name.EndsWith("_count", StringComparison.Ordinal) ? name[..^"_count".Length] : name);
        Assert.All(families, name => Assert.True(page.Contains($"`{name}", StringComparison.Ordinal), $"docs/operations.md does not name {name}."));
    }

    [Theory]
    [InlineData("sum by (instance) (rate(intrada_images_total[1m]))", "intrada_images_total")]
    [InlineData("max by (q) (a{x=\"b\"}) > 0\nunless on (instance) sum by (i) (rate(c_total[10m])) > 0", "a c_total")]
    [InlineData("increase(a{outcome=\"failed (x)\"}[10m]) > 0 or (a unless b offset 10m)", "a b")]
    [InlineData("histogram_quantile(0.95, sum(rate(a_bucket[5m])) by (le)) > 1e3", "a_bucket")]
    public void Queries_are_read_down_to_their_metrics(string query, string expected) =>
        Assert.Equal(expected, string.Join(' ', PromQuery.MetricsOf(query).Order(StringComparer.Ordinal)));

    private static IEnumerable<string> Dashboard() =>
        from panel in JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "grafana", "intrada.json")))!["panels"]!.AsArray()
        from target in panel!["targets"]!.AsArray()
        select target!["expr"]!.GetValue<string>();

    private static List<(string Alarm, string Query)> Rules()
    {
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, List<Dictionary<string, object>>>>(
            File.ReadAllText(Path.Combine(Folder, "alarms.yml")));
        return
        [
            .. file["groups"].SelectMany(group => (List<object>)group["rules"]).Cast<Dictionary<object, object>>()
                .Select(rule => ((string)rule["alert"], (string)rule["expr"])),
        ];
    }
}
