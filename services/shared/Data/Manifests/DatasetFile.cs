using System.Text.Json.Serialization;

namespace IntraDA.Data.Manifests;

/// <summary>A file of a data set.</summary>
public sealed record DatasetFile
{
    /// <summary>Path relative to the manifest's root, with '/', or key in the store where the manifest has no root.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>True: <see cref="Path"/> is a key in the artefact store even where the manifest has a root.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool InStore { get; init; }
}
