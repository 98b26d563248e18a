using System.Globalization;
using System.Text;
using System.Text.Json;
using IntraDA.Contracts.Trainer.V1;

namespace MinEntTrainer.Learning;

/// <summary>Loss terms of each iteration, for watchers and as JSON lines. Thread-safe.</summary>
internal sealed class Curves
{
    /// <summary>Media type of stored files.</summary>
    public const string MediaType = "application/x-ndjson";

    private readonly Lock _lock = new();
    private readonly List<TrainingMetrics> _points = [];

    /// <summary>Adds an iteration.</summary>
    /// <param name="iteration">1-based.</param>
    /// <param name="terms">Terms by name.</param>
    public void Add(int iteration, IReadOnlyDictionary<string, double> terms)
    {
        var point = new TrainingMetrics { Iteration = iteration };
        point.Terms.Add(terms.ToDictionary());
        lock (_lock)
        {
            _points.Add(point);
        }
    }

    /// <summary>Iterations after one.</summary>
    /// <param name="iteration">0 for all.</param>
    /// <returns>In order.</returns>
    public IReadOnlyList<TrainingMetrics> After(long iteration)
    {
        lock (_lock)
        {
            return [.. _points.Where(point => point.Iteration > iteration)];
        }
    }

    /// <summary>The file.</summary>
    /// <returns>UTF-8.</returns>
    public byte[] Write()
    {
        var text = new StringBuilder();
        foreach (var point in After(0))
        {
            text.Append(CultureInfo.InvariantCulture, $"{{\"iteration\":{point.Iteration}");
            foreach (var (name, value) in point.Terms.OrderBy(term => term.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $",\"{name}\":{(double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null")}");
            }

            text.Append("}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">UTF-8.</param>
    /// <returns>The curves.</returns>
    /// <exception cref="JsonException">It is none.</exception>
    public static Curves Read(byte[] file)
    {
        var curves = new Curves();
        foreach (var line in Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var terms = JsonSerializer.Deserialize<Dictionary<string, double?>>(line)!;
            terms.Remove("iteration", out var iteration);
            curves.Add((int)iteration!.Value, terms.ToDictionary(term => term.Key, term => term.Value ?? double.NaN));
        }

        return curves;
    }
}
