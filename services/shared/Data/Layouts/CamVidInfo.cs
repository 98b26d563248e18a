using System.Text.Json.Serialization;

namespace IntraDA.Data.Layouts;

/// <summary><c>info.json</c> of a CamVid folder.</summary>
internal sealed record CamVidInfo
{
    /// <summary>Names by raw id.</summary>
    [JsonPropertyName("classes")]
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Raw id of void.</summary>
    [JsonPropertyName("ignore_index")]
    public int IgnoreIndex { get; init; } = 255;

    /// <summary>How names of frames filmed at dusk begin.</summary>
    [JsonPropertyName("dusk_prefix")]
    public string DuskPrefix { get; init; } = "0001TP";
}
