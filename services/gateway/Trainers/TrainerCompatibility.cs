using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Gateway.Trainers;

/// <summary>Which trainer may go on with what another one began.</summary>
internal static class TrainerCompatibility
{
    /// <summary>
    /// Whether name and major version are equal, before 1.0 the minor version too, as semantic versions promise; the checkpoint's format is looked at by the
    /// trainer itself.
    /// </summary>
    /// <param name="begunBy">Who began.</param>
    /// <param name="candidate">Who would go on.</param>
    public static bool CanContinue(ServiceInfo begunBy, ServiceInfo candidate) =>
        begunBy.Name == candidate.Name
        && (SemanticVersion.TryParse(begunBy.Version, out var begun) && SemanticVersion.TryParse(candidate.Version, out var version)
            ? begun.Major == version.Major && (begun.Major > 0 || begun.Minor == version.Minor)
            : begunBy.Version == candidate.Version);
}
