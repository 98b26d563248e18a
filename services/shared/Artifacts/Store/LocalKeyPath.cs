using System.Buffers;
using System.Text;

namespace IntraDA.Artifacts.Store;

/// <summary>File names of keys in the local store, and back.</summary>
/// <remarks>
/// S3 holds "a" beside "a/b" and takes segments of 512 characters; a file system does neither. So that both stores keep one contract,
/// names carry marks that no key can contain: a file without a dot ends in '+', a directory with a dot ends in '+' (a file and a
/// directory of one name never meet, and the usual <c>runs/7/report.html</c> stays as it is), and a segment beyond 200 characters
/// is cut, each leading piece a directory that ends in '='.
/// </remarks>
internal static class LocalKeyPath
{
    public const char Mark = '+';
    public const char Continued = '=';
    private const int MaxPiece = 200;
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Path of a key's file relative to the store's directory.</summary>
    public static string ToRelativePath(string key)
    {
        var path = new StringBuilder(key.Length + 8);
        var segments = key.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            while (segment.Length > MaxPiece)
            {
                path.Append(segment, 0, MaxPiece).Append(Continued).Append(Path.DirectorySeparatorChar);
                segment = segment[MaxPiece..];
            }

            var isFile = i == segments.Length - 1;
            path.Append(segment);
            if (segment.Contains('.', StringComparison.Ordinal) != isFile)
            {
                path.Append(Mark);
            }

            if (!isFile)
            {
                path.Append(Path.DirectorySeparatorChar);
            }
        }

        return path.ToString();
    }

    /// <summary>Part of a key that a name stands for; null for a name that this store does not give.</summary>
    public static string? FromName(string name, bool isFile)
    {
        var marked = name.EndsWith(Mark);
        var segment = marked ? name[..^1] : name;
        return segment.Length > 0
            && segment.AsSpan().IndexOfAnyExcept(Alphabet) < 0
            && segment.Contains('.', StringComparison.Ordinal) != isFile == marked
            ? segment
            : null;
    }
}
