using IntraDA.Data.Manifests;

namespace IntraDA.Data.Scoring;

/// <summary>A piece of a data set that is scored by itself.</summary>
/// <param name="Index">Position among the pieces.</param>
/// <param name="FirstItem">Position of its first image in the whole set.</param>
/// <param name="Manifest">The piece as a data set.</param>
/// <param name="Content">The piece's manifest as it is stored.</param>
/// <param name="Sha256">Digest of <paramref name="Content"/>, 64 lower-case digits.</param>
public sealed record ScoringShard(int Index, int FirstItem, DatasetManifest Manifest, ReadOnlyMemory<byte> Content, string Sha256)
{
    /// <summary>Key of the stored manifest.</summary>
    public string ManifestKey => $"manifests/{Sha256}.json";
}
