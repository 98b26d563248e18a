using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntraDA.Benchmarks.Frame;

/// <summary>Writes a result: one line of JSON, or a few lines for people.</summary>
internal static class BenchReport
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line for machines.</summary>
    public static string Json(string bench, BenchResult result)
    {
        var line = new JsonObject { ["bench"] = bench };
        Add(line, result);
        line["processor"] = Processor.Describe();
        line["settings"] = result.Settings.DeepClone();
        if (result.Cases.Count > 0)
        {
            line["cases"] = new JsonArray([.. result.Cases.Select(c =>
            {
                var one = new JsonObject { ["case"] = c.Name };
                Add(one, c.Result);
                one["settings"] = c.Result.Settings.DeepClone();
                return (JsonNode)one;
            })]);
        }

        return line.ToJsonString(Format);
    }

    /// <summary>The lines for people.</summary>
    public static IEnumerable<string> Lines(string bench, BenchResult result)
    {
        foreach (var (name, one) in result.Cases.Count > 0 ? result.Cases : [(bench, result)])
        {
            var peak = one.PeakFraction is { } fraction ? string.Create(CultureInfo.InvariantCulture, $", {fraction:0.00} of the matrix-multiply rate") : "";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {one.Times.Ratio:0.000}x plain (plain {one.Times.PlainMedian:0.0000} s, ours {one.Times.OursMedian:0.0000} s, medians of {one.Times.Ours.Count}{peak})");
            yield return $"  agreement {(one.Agreement.Holds ? "holds" : "FAILS")}: {one.Agreement.Facts.ToJsonString(Format)}";
            yield return $"  settings {one.Settings.ToJsonString(Format)}";
            if (one.Figures.Count > 0)
            {
                yield return $"  figures {one.Figures.ToJsonString(Format)}";
            }
        }

        yield return $"  {Processor.Describe()}";
    }

    private static void Add(JsonObject line, BenchResult result)
    {
        line["ratio"] = Round(result.Times.Ratio);
        line["medians"] = new JsonObject { ["plain"] = Round(result.Times.PlainMedian), ["ours"] = Round(result.Times.OursMedian) };
        line["times"] = new JsonObject { ["plain"] = Array(result.Times.Plain), ["ours"] = Array(result.Times.Ours) };
        if (result.Times.ProcessorSeconds is { } busy)
        {
            line["processor_seconds"] = new JsonObject { ["plain"] = Round(busy.Plain), ["ours"] = Round(busy.Ours) };
        }

        var agreement = result.Agreement.Facts.DeepClone().AsObject();
        agreement.Insert(0, "holds", result.Agreement.Holds);
        line["agreement"] = agreement;
        line["peak_fraction"] = result.PeakFraction is { } fraction ? Round(fraction) : null;
        foreach (var (name, value) in result.Figures)
        {
            line[name] = value?.DeepClone();
        }
    }

    private static JsonArray Array(IEnumerable<double> values) => new([.. values.Select(value => (JsonNode)Round(value))]);

    private static double Round(double value) => Math.Round(value, 6);
}
