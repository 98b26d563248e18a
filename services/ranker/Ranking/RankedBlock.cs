using System.Text;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Tables;

namespace IntraDA.Ranker.Ranking;

/// <summary>Ids of consecutive ranks, as lines of a list and as cells of a table. Its arrays are used again and again.</summary>
internal sealed class RankedBlock
{
    private readonly int[] _ends = new int[RankingTableWriter.BlockRows];
    private readonly ReadOnlyMemory<char>[] _ids = new ReadOnlyMemory<char>[RankingTableWriter.BlockRows];
    private byte[] _text = new byte[RankingTableWriter.BlockRows * 32];
    private char[] _characters = [];

    /// <summary>The first rank.</summary>
    public int First { get; private set; }

    /// <summary>Number of ranks.</summary>
    public int Count { get; private set; }

    /// <summary>The ids as text.</summary>
    public ReadOnlyMemory<ReadOnlyMemory<char>> Ids => _ids.AsMemory(0, Count);

    /// <summary>The lines of a part of the block.</summary>
    /// <param name="from">Its first row.</param>
    /// <param name="to">The row after its last.</param>
    /// <returns>UTF-8, each line with its '\n'.</returns>
    public ReadOnlyMemory<byte> Lines(int from, int to) => _text.AsMemory(LineStart(from)..LineStart(to));

    /// <summary>Gathers a block.</summary>
    /// <param name="ranking">The ranking.</param>
    /// <param name="first">The first rank.</param>
    /// <returns>This block.</returns>
    /// <exception cref="ArtifactFormatException">An id does not fit on a line.</exception>
    public RankedBlock Load(ImageRanking ranking, int first)
    {
        First = first;
        Count = Math.Min(RankingTableWriter.BlockRows, ranking.Count - first);
        ranking.CopyLines(first, Count, ref _text, _ends);
        var ends = _ends.AsSpan(0, Count);
        var text = _text.AsSpan(0, LineStart(Count));
        SplitList.RequireLines(text, ends);
        if (_characters.Length < text.Length)
        {
            _characters = new char[_text.Length];
        }

        // Where every byte is a character, ids have the same places in both.
        if (Ascii.IsValid(text))
        {
            Ascii.ToUtf16(text, _characters, out _);
            for (var i = 0; i < ends.Length; i++)
            {
                _ids[i] = _characters.AsMemory(LineStart(i)..ends[i]);
            }
        }
        else
        {
            var position = 0;
            for (var i = 0; i < ends.Length; i++)
            {
                var length = Encoding.UTF8.GetChars(text[LineStart(i)..ends[i]], _characters.AsSpan(position));
                _ids[i] = _characters.AsMemory(position, length);
                position += length;
            }
        }

        return this;
    }

    private int LineStart(int row) => row == 0 ? 0 : _ends[row - 1] + 1;
}
