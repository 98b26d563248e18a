using System.Security.Cryptography;
using System.Text;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Scoring;

/// <summary>
/// How a data set is cut for scoring, and where the results of a piece lie: a function of what is scored alone, so that whoever
/// scores a piece, gateway or batch job, finds what another has finished.
/// </summary>
public static class ScoringShards
{
    private const int PiecesWanted = 32;
    private const int LeastImages = 4;
    private const int MostImages = 256;

    /// <summary>Name of the document in a piece's folder that says that the piece is finished.</summary>
    public const string ReportName = "report.json";

    /// <summary>Images in each piece but the last: about a 32nd of the set, 4 to 256.</summary>
    /// <param name="images">Images of the set.</param>
    /// <returns>At least 1.</returns>
    public static int SizeFor(int images) => Math.Clamp((images + PiecesWanted - 1) / PiecesWanted, LeastImages, MostImages);

    /// <summary>Number of pieces of a set.</summary>
    /// <param name="images">Images of the set.</param>
    /// <returns>0 for none.</returns>
    public static int CountFor(int images) => (images + SizeFor(images) - 1) / SizeFor(images);

    /// <summary>Cuts one piece.</summary>
    /// <param name="manifest">The whole set.</param>
    /// <param name="index">0 to <see cref="CountFor"/> - 1.</param>
    /// <returns>The piece.</returns>
    public static ScoringShard Cut(DatasetManifest manifest, int index)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var size = SizeFor(manifest.Items.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, CountFor(manifest.Items.Count));
        var piece = manifest with { Items = [.. manifest.Items.Skip(index * size).Take(size)] };
        if (piece.Items.All(item => item.Label is null))
        {
            piece = piece with { Labels = null };
        }

        var bytes = DatasetManifestJson.Serialize(piece);
        return new ScoringShard(index, index * size, piece, bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>Where the results of a piece lie.</summary>
    /// <param name="scorer">Who scores.</param>
    /// <param name="weightsSha256">Digest of the network.</param>
    /// <param name="shard">The piece.</param>
    /// <param name="labelMaps">Whether label maps are written.</param>
    /// <param name="confidenceMaps">Whether confidence maps are written.</param>
    /// <param name="salt">Not empty where results of others are not wanted.</param>
    /// <returns>A key prefix without '/' at the end.</returns>
    public static string PrefixOf(
        ScorerIdentity scorer, string weightsSha256, ScoringShard shard, bool labelMaps, bool confidenceMaps, string salt)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(shard);
        string[] parts =
        [
            scorer.Service.Name, scorer.Service.Version, scorer.Service.Build, scorer.Precision, weightsSha256, shard.Sha256,
            labelMaps ? "labels" : "", confidenceMaps ? "confidence" : "", salt,
        ];
        return $"shards/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))}";
    }
}
