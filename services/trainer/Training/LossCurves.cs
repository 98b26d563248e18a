using System.Globalization;
using System.Text;
using System.Text.Json;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Trainer.Adaptation;

namespace IntraDA.Trainer.Training;

/// <summary>Loss terms of every iteration, kept for watchers and stored as JSON lines.</summary>
/// <remarks>Thread-safe: the training thread adds while watchers read.</remarks>
public sealed class LossCurves
{
    /// <summary>Media type of a stored curve file.</summary>
    public const string MediaType = "application/x-ndjson";

    /// <summary>Longer curve files are not read.</summary>
    public const int MaxBytes = 1 << 30;

    private readonly Lock _lock = new();
    private readonly List<TrainingMetrics> _points = [];

    /// <summary>Adds an iteration.</summary>
    /// <param name="iteration">1-based.</param>
    /// <param name="terms">Its terms.</param>
    /// <param name="learningRate">The network's learning rate.</param>
    /// <returns>The point as it is sent to watchers.</returns>
    public TrainingMetrics Add(int iteration, IReadOnlyList<LossTerm> terms, double learningRate)
    {
        var point = new TrainingMetrics { Iteration = iteration };
        foreach (var term in terms)
        {
            point.Terms[term.Kind.WireName()] = term.Value;
        }

        point.Terms["learning_rate"] = learningRate;
        lock (_lock)
        {
            _points.Add(point);
        }

        return point;
    }

    /// <summary>Points after an iteration.</summary>
    /// <param name="iteration">1-based; 0 for all.</param>
    /// <returns>In order.</returns>
    public IReadOnlyList<TrainingMetrics> After(long iteration)
    {
        lock (_lock)
        {
            return [.. _points.Where(p => p.Iteration > iteration)];
        }
    }

    /// <summary>The file: one object a line, <c>{"iteration": 1, "seg_main": 2.1, ...}</c>, terms in ordinal order.</summary>
    /// <returns>UTF-8 bytes.</returns>
    public byte[] ToJsonLines()
    {
        var text = new StringBuilder();
        foreach (var point in After(0))
        {
            text.Append(CultureInfo.InvariantCulture, $"{{\"iteration\":{point.Iteration}");
            foreach (var (name, value) in point.Terms.OrderBy(t => t.Key, StringComparer.Ordinal))
            {
                // JSON knows no infinity: a diverged term is null.
                var number = double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null";
                text.Append(CultureInfo.InvariantCulture, $",\"{name}\":{number}");
            }

            text.Append("}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads a file that <see cref="ToJsonLines"/> wrote.</summary>
    /// <param name="jsonLines">UTF-8 bytes.</param>
    /// <returns>The curves.</returns>
    public static LossCurves Parse(ReadOnlySpan<byte> jsonLines)
    {
        var curves = new LossCurves();
        foreach (var line in Encoding.UTF8.GetString(jsonLines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            var point = new TrainingMetrics();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals("iteration"))
                {
                    point.Iteration = property.Value.GetInt64();
                }
                else
                {
                    point.Terms[property.Name] =
                        property.Value.ValueKind == JsonValueKind.Null ? double.NaN : property.Value.GetDouble();
                }
            }

            curves._points.Add(point);
        }

        return curves;
    }
}
