using System.Text.Json.Serialization;

namespace IntraDA.Data.Layouts;

/// <summary><c>classes.json</c> of a plain folder.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlainClasses
{
    /// <summary>Names in the order of their raw ids.</summary>
    [JsonPropertyName("names")]
    public required IReadOnlyList<string> Names { get; init; }

    // Optional members are settable because generated readers give init-only ones null, not their initial value, where they are left out.

    /// <summary>[r, g, b] per name; null: derived.</summary>
    [JsonPropertyName("palette")]
    public IReadOnlyList<IReadOnlyList<int>>? Palette { get; set; }

    /// <summary>Raw id that counts nowhere.</summary>
    [JsonPropertyName("ignore")]
    public int Ignore { get; set; } = 255;

    /// <summary>Positions of the rare names.</summary>
    [JsonPropertyName("rare")]
    public IReadOnlyList<int> Rare { get; set; } = [];
}
