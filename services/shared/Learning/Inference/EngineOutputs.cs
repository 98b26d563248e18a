namespace IntraDA.Learning.Inference;

/// <summary>What an engine computes for an image beyond its score.</summary>
/// <param name="LabelMap">The argmax.</param>
/// <param name="EntropyMap">The normalised entropy.</param>
/// <param name="ConfidenceMap">The winning probability.</param>
/// <param name="NetworkResolution">Whether maps have the size of the network's input instead of the image's.</param>
public sealed record EngineOutputs(bool LabelMap, bool EntropyMap, bool ConfidenceMap, bool NetworkResolution)
{
    /// <summary>Score and class counts alone.</summary>
    public static EngineOutputs ScoreOnly { get; } = new(false, false, false, true);

    /// <summary>Whether any map is asked for.</summary>
    public bool AnyMap => LabelMap || EntropyMap || ConfidenceMap;
}
