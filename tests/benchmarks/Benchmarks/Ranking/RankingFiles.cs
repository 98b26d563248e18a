using Parquet;

namespace IntraDA.Benchmarks.Ranking;

/// <summary>Compares rankings row group by row group.</summary>
internal static class RankingFiles
{
    /// <summary>Whether two files hold the same rows.</summary>
    /// <param name="one">Path of one.</param>
    /// <param name="other">Path of the other, with row groups of the same lengths.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether they do.</returns>
    public static async Task<bool> SameAsync(string one, string other, CancellationToken cancellationToken)
    {
        var first = await ParquetReader.CreateAsync(one, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (first.ConfigureAwait(false))
        {
            var second = await ParquetReader.CreateAsync(other, cancellationToken: cancellationToken).ConfigureAwait(false);
            await using (second.ConfigureAwait(false))
            {
                if (first.RowGroupCount != second.RowGroupCount)
                {
                    return false;
                }

                for (var i = 0; i < first.RowGroupCount; i++)
                {
                    if (!await SameGroupAsync(first, second, i, cancellationToken).ConfigureAwait(false))
                    {
                        return false;
                    }
                }

                return true;
            }
        }
    }

    private static async Task<bool> SameGroupAsync(ParquetReader first, ParquetReader second, int group, CancellationToken cancellationToken)
    {
        using var a = first.OpenRowGroupReader(group);
        using var b = second.OpenRowGroupReader(group);
        return a.RowCount == b.RowCount
            && await SameColumnAsync<long>("rank").ConfigureAwait(false)
            && await SameColumnAsync<double>("score").ConfigureAwait(false)
            && await SameColumnAsync<bool>("easy").ConfigureAwait(false)
            && Equal(await TextAsync(first, a).ConfigureAwait(false), await TextAsync(second, b).ConfigureAwait(false));

        async Task<bool> SameColumnAsync<T>(string name)
            where T : struct =>
            Equal(await NumbersAsync<T>(first, a, name).ConfigureAwait(false), await NumbersAsync<T>(second, b, name).ConfigureAwait(false));

        async Task<T[]> NumbersAsync<T>(ParquetReader reader, ParquetRowGroupReader rows, string name)
            where T : struct
        {
            var values = new T[rows.RowCount];
            await rows.ReadAsync<T>(reader.Schema.DataFields.Single(f => f.Name == name), values.AsMemory(), cancellationToken: cancellationToken).ConfigureAwait(false);
            return values;
        }

        async Task<string[]> TextAsync(ParquetReader reader, ParquetRowGroupReader rows)
        {
            var values = new string[rows.RowCount];
            await rows.ReadAsync(reader.Schema.DataFields.Single(f => f.Name == "id"), values.AsMemory()!, cancellationToken: cancellationToken).ConfigureAwait(false);
            return values;
        }
    }

    private static bool Equal<T>(T[] one, T[] other) => one.AsSpan().SequenceEqual(other);
}
