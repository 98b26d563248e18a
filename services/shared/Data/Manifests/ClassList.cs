namespace IntraDA.Data.Manifests;

/// <summary>The classes of a label space.</summary>
public sealed record ClassList
{
    /// <summary>Train id of pixels that count nowhere.</summary>
    public const byte Ignore = 255;

    /// <summary>2 to 254 names, in train-id order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>3 bytes (R, G, B) per class, in train-id order.</summary>
    public required byte[] Palette { get; init; }

    /// <summary>Train ids that count as rare in the rare-class factor of the ranking.</summary>
    public IReadOnlyList<int> RareTrainIds { get; init; } = [];

    /// <summary>What is wrong with the list.</summary>
    /// <returns>One sentence without a full stop per violation; empty where all is well.</returns>
    public IEnumerable<string> Violations() => ClassListRules.Violations(this);
}
