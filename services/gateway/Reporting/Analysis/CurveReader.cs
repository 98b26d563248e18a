using System.Text.Json;
using IntraDA.Artifacts.Formats;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>Reads loss curves: JSON lines {"iteration": n, "TERM": value, ...}.</summary>
public static class CurveReader
{
    private const string IterationName = "iteration";

    /// <summary>Reads and thins curves.</summary>
    /// <param name="stage">The training.</param>
    /// <param name="name">The artefact, for messages.</param>
    /// <param name="stream">JSON lines. Where an iteration occurs twice, as after a resumed training, the later line counts.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>One curve a term, terms in the order of their first line.</returns>
    /// <exception cref="ArtifactFormatException">A line is not of that form.</exception>
    public static async Task<IReadOnlyList<TrainingCurve>> ReadAsync(
        StageKind stage, string name, Stream stream, CancellationToken cancellationToken)
    {
        var order = new List<string>();
        var terms = new Dictionary<string, SortedDictionary<long, double>>(StringComparer.Ordinal);
        using var reader = new StreamReader(stream, leaveOpen: true);
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                Read(line, name, number, order, terms);
            }
        }

        return
        [
            .. order.Select(term => CurveThinning.Thin(stage, term, [.. terms[term].Select(p => (p.Key, p.Value))]))
                .OfType<TrainingCurve>(),
        ];
    }

    private static void Read(
        string line, string name, int number, List<string> order, Dictionary<string, SortedDictionary<long, double>> terms)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var iteration = document.RootElement.GetProperty(IterationName).GetInt64();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                // Anything but a number is a value that JSON cannot hold: NaN, infinity.
                if (property.Name == IterationName || property.Value.ValueKind != JsonValueKind.Number)
                {
                    continue;
                }

                if (!terms.TryGetValue(property.Name, out var values))
                {
                    terms[property.Name] = values = [];
                    order.Add(property.Name);
                }

                values[iteration] = property.Value.GetDouble();
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ArtifactFormatException(
                $"Line {number} of the curves '{name}' is not {{\"iteration\": n, \"TERM\": value}}; the curves are left out.", exception);
        }
    }
}
