using IntraDA.Cli.Adapt;
using IntraDA.Cli.Synthetic;
using IntraDA.Data.Synthetic;

namespace IntraDA.Cli.Demo;

/// <summary>How large the demonstration is.</summary>
/// <param name="SourceImages">Labelled game-like scenes.</param>
/// <param name="TargetImages">Unlabelled camera-like scenes.</param>
/// <param name="ValidationImages">Labelled camera-like scenes that no training sees.</param>
/// <param name="SourceIterations">Iterations on the source alone.</param>
/// <param name="InterIterations">Iterations of step one.</param>
/// <param name="IntraIterations">Iterations of step two.</param>
internal sealed record DemoPlan(
    int SourceImages, int TargetImages, int ValidationImages, int SourceIterations, int InterIterations, int IntraIterations)
{
    // Far from the target's indices, so that no scene is in both sets.
    private const int FirstValidationIndex = 1_000_000;

    /// <summary>Long enough on two cores for the gain of step one to be clear of chance.</summary>
    public static DemoPlan Full { get; } = new(300, 600, 120, 500, 1000, 400);

    /// <summary>Proves in a minute that everything works together; its figures mean nothing.</summary>
    public static DemoPlan Quick { get; } = new(24, 24, 12, 20, 20, 10);

    /// <summary>The three sets.</summary>
    /// <param name="directory">Folder that holds them.</param>
    /// <returns>Each set by its role.</returns>
    public IReadOnlyDictionary<string, SyntheticSet> Sets(string directory) => new Dictionary<string, SyntheticSet>
    {
        ["source"] = new(Path.Combine(directory, "source"), StreetDomain.Game, 0, SourceImages),
        ["target"] = new(Path.Combine(directory, "target"), StreetDomain.Camera, 0, TargetImages),
        ["validation"] = new(Path.Combine(directory, "validation"), StreetDomain.Camera, FirstValidationIndex, ValidationImages),
    };

    /// <summary>The workflow's settings.</summary>
    /// <param name="names">Registered name of each set by its role.</param>
    /// <param name="seed">Seed of the workflow.</param>
    /// <returns>The settings.</returns>
    public AdaptSettings Settings(IReadOnlyDictionary<string, string> names, ulong seed) => new()
    {
        Title = "demo",
        Source = names["source"],
        Target = names["target"],
        Validation = names["validation"],
        SourceIterations = SourceIterations,
        InterIterations = InterIterations,
        IntraIterations = IntraIterations,
        Seed = seed,
    };
}
