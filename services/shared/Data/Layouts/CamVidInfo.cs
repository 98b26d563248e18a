using System.Text.Json.Serialization;

namespace IntraDA.Data.Layouts;

/// <summary><c>info.json</c> of a CamVid folder.</summary>
internal sealed record CamVidInfo
{
    /// <summary>Names by raw id.</summary>
    [JsonPropertyName("classes")]
    public required IReadOnlyList<string> Classes { get; init; }

    // Optional members are settable because generated readers give init-only ones null, not their initial value, where they are left out.

    /// <summary>Raw id of void.</summary>
    [JsonPropertyName("ignore_index")]
    public int IgnoreIndex { get; set; } = 255;

    /// <summary>How names of frames filmed at dusk begin.</summary>
    [JsonPropertyName("dusk_prefix")]
    public string DuskPrefix { get; set; } = "0001TP";
}
