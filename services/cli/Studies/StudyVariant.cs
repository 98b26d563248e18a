using IntraDA.Cli.Adapt;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Studies;

/// <summary>A setting of the second step that a study measures for every seed.</summary>
/// <param name="Name">Name of its cells.</param>
/// <param name="Choose">Changes the study's settings to this variant's.</param>
internal sealed record StudyVariant(string Name, Func<AdaptSettings, AdaptSettings> Choose)
{
    /// <summary>The workflow of this variant for a seed.</summary>
    /// <param name="study">What all cells have in common.</param>
    /// <param name="title">Title for people.</param>
    /// <param name="seed">Training seed.</param>
    /// <param name="controls">Whether this cell measures the seed's controls.</param>
    /// <returns>The contract's form.</returns>
    public WorkflowSpec ToSpec(AdaptSettings study, string title, ulong seed, bool controls) =>
        (Choose(study) with { Title = title, Seed = seed, SkipControls = !controls }).ToSpec();
}
