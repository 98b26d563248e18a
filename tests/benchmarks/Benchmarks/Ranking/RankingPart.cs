using System.Diagnostics;
using System.Globalization;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Ranker.Ranking;

namespace IntraDA.Benchmarks.Ranking;

/// <summary>One run of either way, as a process.</summary>
internal static class RankingPart
{
    public const string EasyName = "easy_split.txt";
    public const string HardName = "hard_split.txt";
    public const string TableName = "ranking.parquet";

    /// <summary>Ranks a table, and tells what the process took.</summary>
    /// <param name="args"><c>plain</c> or <c>ours</c>, the table, the folder for the files, lambda.</param>
    /// <param name="output">Receives the peak in bytes, and the processor's seconds.</param>
    /// <returns>0.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output)
    {
        var lambda = double.Parse(args[3], CultureInfo.InvariantCulture);
        await (args[0] == "plain" ? PlainRanking.RunAsync(args[1], args[2], lambda) : OursAsync(args[1], args[2], lambda)).ConfigureAwait(false);
        using var self = Process.GetCurrentProcess();
        await output.WriteAsync(
            string.Create(CultureInfo.InvariantCulture, $"{self.PeakWorkingSet64} {self.TotalProcessorTime.TotalSeconds}")).ConfigureAwait(false);
        return 0;
    }

    private static async Task OursAsync(string table, string folder, double lambda)
    {
        ScoreTable scores;
        var source = File.OpenRead(table);
        await using (source.ConfigureAwait(false))
        {
            scores = await ScoreTable.ReadAsync(source, ScoreColumns.None, CancellationToken.None).ConfigureAwait(false);
        }

        var ranking = EntropyRanker.Rank(scores, new RankingRule(lambda, []));
        var easy = File.Create(Path.Combine(folder, EasyName));
        await using (easy.ConfigureAwait(false))
        {
            var hard = File.Create(Path.Combine(folder, HardName));
            await using (hard.ConfigureAwait(false))
            {
                var ranked = File.Create(Path.Combine(folder, TableName));
                await using (ranked.ConfigureAwait(false))
                {
                    await RankingWriter.WriteAsync(ranking, easy, hard, ranked, CancellationToken.None).ConfigureAwait(false);
                }
            }
        }
    }
}
