using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Cli.Adapt;

/// <summary>What the names after options mean.</summary>
internal static class Choices
{
    /// <summary>Methods of a training step.</summary>
    public static IReadOnlyDictionary<string, AdaptationMethod> Methods { get; } = new Dictionary<string, AdaptationMethod>
    {
        ["advent"] = AdaptationMethod.Advent,
        ["minent"] = AdaptationMethod.Minent,
        ["source-only"] = AdaptationMethod.SourceOnly,
    };

    /// <summary>Ranking scores.</summary>
    public static IReadOnlyDictionary<string, RankingMethod> Rankings { get; } = new Dictionary<string, RankingMethod>
    {
        ["entropy"] = RankingMethod.Entropy,
        ["rare-class"] = RankingMethod.RareClass,
    };

    /// <summary>Pseudo-label policies.</summary>
    public static IReadOnlyDictionary<string, PseudoLabelPolicy> PseudoLabels { get; } = new Dictionary<string, PseudoLabelPolicy>
    {
        ["argmax"] = PseudoLabelPolicy.Argmax,
        ["confidence"] = PseudoLabelPolicy.Confidence,
        ["class-balanced"] = PseudoLabelPolicy.ClassBalanced,
    };

    /// <summary>What the second step starts from.</summary>
    public static IReadOnlyDictionary<string, IntraStart> Starts { get; } = new Dictionary<string, IntraStart>
    {
        ["inter"] = IntraStart.Inter,
        ["initial"] = IntraStart.Initial,
    };

    /// <summary>What is on or off.</summary>
    public static IReadOnlyDictionary<string, bool> Switches { get; } = new Dictionary<string, bool> { ["true"] = true, ["false"] = false };

    /// <summary>Layouts of data sets on disk.</summary>
    public static IReadOnlyDictionary<string, string> Layouts { get; } =
        new[] { "cityscapes", "gta5", "synthia", "synscapes", "camvid", "plain" }.ToDictionary(name => name);

    /// <summary>Label spaces.</summary>
    public static IReadOnlyDictionary<string, string> Protocols { get; } = new[] { "19", "16", "13" }.ToDictionary(name => name);
}
