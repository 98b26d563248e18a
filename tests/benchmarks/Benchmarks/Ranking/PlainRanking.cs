using IntraDA.Artifacts.Formats.Tables;
using Parquet;

namespace IntraDA.Benchmarks.Ranking;

/// <summary>The plain way: all rows in memory as they are, one sort, one pass over the result for each file.</summary>
internal static class PlainRanking
{
    /// <summary>Ranks a table.</summary>
    /// <param name="table">Path of the score table.</param>
    /// <param name="folder">Receives the three files.</param>
    /// <param name="lambda">Share of easy images.</param>
    /// <returns>A task that ends with the last byte.</returns>
    public static async Task RunAsync(string table, string folder, double lambda)
    {
        var rows = await ReadAsync(table).ConfigureAwait(false);
        rows.Sort((a, b) => a.Score.CompareTo(b.Score) is var order and not 0 ? order : string.CompareOrdinal(a.Id, b.Id));
        var easy = (int)(rows.Count * lambda);
        await WriteListAsync(Path.Combine(folder, RankingPart.EasyName), rows.Take(easy)).ConfigureAwait(false);
        await WriteListAsync(Path.Combine(folder, RankingPart.HardName), rows.Skip(easy)).ConfigureAwait(false);
        var file = File.Create(Path.Combine(folder, RankingPart.TableName));
        await using (file.ConfigureAwait(false))
        {
            await RankingTable.WriteAsync(
                file, rows.Select((row, rank) => new RankingRow(rank, row.Id, row.Score, rank < easy)), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task<List<(double Score, string Id)>> ReadAsync(string table)
    {
        var rows = new List<(double, string)>();
        var reader = await ParquetReader.CreateAsync(table).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var (id, score) = (reader.Schema.DataFields.Single(f => f.Name == "id"), reader.Schema.DataFields.Single(f => f.Name == "score"));
            for (var i = 0; i < reader.RowGroupCount; i++)
            {
                using var group = reader.OpenRowGroupReader(i);
                var ids = new string[group.RowCount];
                var scores = new double[group.RowCount];
                await group.ReadAsync(id, ids.AsMemory()!).ConfigureAwait(false);
                await group.ReadAsync<double>(score, scores.AsMemory()).ConfigureAwait(false);
                rows.AddRange(scores.Zip(ids));
            }
        }

        return rows;
    }

    private static async Task WriteListAsync(string path, IEnumerable<(double Score, string Id)> rows)
    {
        var writer = new StreamWriter(path) { NewLine = "\n" };
        await using (writer.ConfigureAwait(false))
        {
            foreach (var (_, id) in rows)
            {
                writer.WriteLine(id);
            }
        }
    }
}
