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

    /// <summary>Whether this release may go on with a job: same name, same major version.</summary>
    /// <param name="begunBy">Who began the job.</param>
    /// <returns>True where it may, as far as versions tell.</returns>
    public bool MayContinue(ServiceInfo begunBy)
    {
        ArgumentNullException.ThrowIfNull(begunBy);
        return begunBy.Name == Service.Name && Major(begunBy.Version) == Major(Service.Version);
    }

    private static string Major(string version) => version.Split('.', 2)[0];
}
