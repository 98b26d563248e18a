using System.Text.Json;

namespace IntraDA.Ranker.Ranking;

/// <summary>A ranking in a few numbers, for readers that need not see every row.</summary>
/// <param name="Images">Number of images.</param>
/// <param name="Easy">Number of easy images.</param>
/// <param name="Threshold">Score of the last easy image; 0 where there is none.</param>
/// <param name="Mean">Mean score.</param>
/// <param name="Quantiles">Scores at <see cref="Shares"/> of the order, each a score of some image.</param>
public sealed record RankingSummary(int Images, int Easy, double Threshold, double Mean, IReadOnlyList<double> Quantiles)
{
    /// <summary>Shares of the order whose scores a summary names: least, 5 %, quartiles, 95 %, greatest.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

    /// <summary>Sums a ranking up.</summary>
    /// <param name="ranking">At least one image.</param>
    /// <returns>The summary.</returns>
    public static RankingSummary Of(ImageRanking ranking)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        var scores = ranking.Scores.Span;
        var sum = 0.0;
        foreach (var score in scores)
        {
            sum += score;
        }

        var last = scores.Length - 1;
        var quantiles = new double[Shares.Count];
        for (var i = 0; i < quantiles.Length; i++)
        {
            quantiles[i] = scores[(int)Math.Round(Shares[i] * last)];
        }

        return new RankingSummary(scores.Length, ranking.EasyCount, ranking.Threshold, sum / scores.Length, quantiles);
    }

    /// <summary>The summary as the ranking's file keeps it.</summary>
    /// <returns>JSON on one line.</returns>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("images", Images);
            writer.WriteNumber("easy", Easy);
            WriteScore(writer, "threshold", Threshold);
            WriteScore(writer, "mean", Mean);
            writer.WriteStartArray("quantiles");
            for (var i = 0; i < Quantiles.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteNumber("share", Shares[i]);
                WriteScore(writer, "score", Quantiles[i]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    // JSON has no infinite numbers.
    private static void WriteScore(Utf8JsonWriter writer, string name, double score)
    {
        if (double.IsFinite(score))
        {
            writer.WriteNumber(name, score);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
