using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Hosting;
using IntraDA.Trainer.Training;

namespace IntraDA.Trainer.Jobs;

/// <summary>What a trainer registers as, and which checkpoints it writes and goes on from.</summary>
/// <param name="Service">Name, semantic version and build.</param>
/// <param name="CheckpointFormat">Identity of its checkpoints; the same for releases that read each other's.</param>
public sealed record TrainerRelease(ServiceInfo Service, string CheckpointFormat)
{
    /// <summary>This assembly as it was built.</summary>
    /// <returns>Its identity.</returns>
    public static TrainerRelease Current() =>
        new(ServiceIdentity.Describe(TrainerApplication.Name, typeof(TrainerRelease).Assembly), ResumeStore.CurrentFormat);

    /// <summary>Whether this release may go on with a job: same name, same major version, before 1.0 the same minor version too.</summary>
    /// <param name="begunBy">Who began the job.</param>
    /// <returns>True where it may, as far as versions tell.</returns>
    public bool MayContinue(ServiceInfo begunBy)
    {
        ArgumentNullException.ThrowIfNull(begunBy);
        return begunBy.Name == Service.Name && Series(begunBy.Version) == Series(Service.Version);
    }

    // What semantic versions promise to keep compatible.
    private static string Series(string version) => version.Split('.') is ["0", var minor, ..] ? $"0.{minor}" : version.Split('.', 2)[0];
}
