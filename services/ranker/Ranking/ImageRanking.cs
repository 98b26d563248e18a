using IntraDA.Artifacts.Formats.Tables;

namespace IntraDA.Ranker.Ranking;

/// <summary>Images in ascending order of score, cut into an easy and a hard part.</summary>
public sealed class ImageRanking
{
    private readonly IdColumn _ids;
    private readonly int[] _order;
    private readonly double[] _scores;

    internal ImageRanking(IdColumn ids, int[] order, double[] scores, int easyCount)
    {
        _ids = ids;
        _order = order;
        _scores = scores;
        EasyCount = easyCount;
    }

    /// <summary>Number of images.</summary>
    public int Count => _order.Length;

    /// <summary>Number of easy images, the first of the order.</summary>
    public int EasyCount { get; }

    /// <summary>Number of hard images.</summary>
    public int HardCount => Count - EasyCount;

    /// <summary>Score of the last easy image; 0 where there is none.</summary>
    public double Threshold => EasyCount > 0 ? _scores[EasyCount - 1] : 0;

    /// <summary>The image at a rank.</summary>
    /// <param name="rank">From 0, the easiest.</param>
    /// <returns>Its row.</returns>
    public RankingRow this[int rank] => new(rank, _ids[_order[rank]], _scores[rank], rank < EasyCount);

    /// <summary>The scores in ascending order.</summary>
    public ReadOnlyMemory<double> Scores => _scores;

    /// <summary>All images, easiest first.</summary>
    /// <returns>The rows, made as they are read.</returns>
    public IEnumerable<RankingRow> Rows() => Enumerable.Range(0, Count).Select(rank => this[rank]);

    /// <summary>Ids of the easy images, easiest first.</summary>
    /// <returns>The ids, made as they are read.</returns>
    public IEnumerable<string> EasyIds() => Enumerable.Range(0, EasyCount).Select(rank => this[rank].Id);

    /// <summary>Ids of the hard images, easiest first.</summary>
    /// <returns>The ids, made as they are read.</returns>
    public IEnumerable<string> HardIds() => Enumerable.Range(EasyCount, HardCount).Select(rank => this[rank].Id);

    /// <summary>Copies the ids of consecutive ranks as lines.</summary>
    /// <param name="first">The first rank.</param>
    /// <param name="count">Number of ranks.</param>
    /// <param name="text">Receives each id and a '\n'; replaced where it is too short.</param>
    /// <param name="ends">Receives the end of each id, its '\n' not counted.</param>
    internal void CopyLines(int first, int count, ref byte[] text, Span<int> ends) => _ids.CopyLines(_order.AsSpan(first, count), ref text, ends);
}
