using IntraDA.Artifacts.Formats.Tables;

namespace IntraDA.Ranker.Ranking;

/// <summary>Writes a ranking as its three files in one pass: ids are gathered by one thread while another encodes those before.</summary>
public static class RankingWriter
{
    // One block that is being written and two that are being gathered.
    private const int Blocks = 3;

    /// <summary>Writes the lists of easy and hard images and the table.</summary>
    /// <param name="ranking">At least one image.</param>
    /// <param name="easy">Receives <c>easy_split.txt</c>.</param>
    /// <param name="hard">Receives <c>hard_split.txt</c>.</param>
    /// <param name="table">Receives <c>ranking.parquet</c>.</param>
    /// <param name="cancellationToken">Cancels; the streams then hold parts.</param>
    /// <returns>A task that ends with the last byte.</returns>
    /// <exception cref="IntraDA.Artifacts.Formats.ArtifactFormatException">An id does not fit on a line.</exception>
    public static async Task WriteAsync(ImageRanking ranking, Stream easy, Stream hard, Stream table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(easy);
        ArgumentNullException.ThrowIfNull(hard);
        ArgumentNullException.ThrowIfNull(table);
        var writer = await RankingTableWriter.CreateAsync(table, RankingSummary.Of(ranking).ToJson(), cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var free = new Stack<RankedBlock>(Enumerable.Range(0, Blocks).Select(_ => new RankedBlock()));
            var coming = new Queue<Task<RankedBlock>>();
            var next = 0;
            try
            {
                Gather();
                while (coming.TryDequeue(out var task))
                {
                    var block = await task.ConfigureAwait(false);
                    Gather();
                    await WriteAsync(ranking, block, easy, hard, writer, cancellationToken).ConfigureAwait(false);
                    free.Push(block);
                    Gather();
                }
            }
            finally
            {
                await ((Task)Task.WhenAll(coming)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            void Gather()
            {
                while (next < ranking.Count && free.TryPop(out var block))
                {
                    var first = next;
                    next += RankingTableWriter.BlockRows;
                    coming.Enqueue(Task.Run(() => block.Load(ranking, first), CancellationToken.None));
                }
            }
        }
    }

    private static async Task WriteAsync(
        ImageRanking ranking, RankedBlock block, Stream easy, Stream hard, RankingTableWriter table, CancellationToken cancellationToken)
    {
        var split = Math.Clamp(ranking.EasyCount - block.First, 0, block.Count);
        await easy.WriteAsync(block.Lines(0, split), cancellationToken).ConfigureAwait(false);
        await hard.WriteAsync(block.Lines(split, block.Count), cancellationToken).ConfigureAwait(false);
        await table.WriteAsync(block.Ids, ranking.Scores.Slice(block.First, block.Count), split, cancellationToken).ConfigureAwait(false);
    }
}
