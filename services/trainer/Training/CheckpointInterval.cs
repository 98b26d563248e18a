namespace IntraDA.Trainer.Training;

/// <summary>Time after which a run saves itself, beside the interval in iterations that its plan names.</summary>
/// <param name="Time">The time; null: never.</param>
public sealed record CheckpointInterval(TimeSpan? Time)
{
    /// <summary>The interval in iterations alone.</summary>
    public static CheckpointInterval Never { get; } = new((TimeSpan?)null);

    /// <summary>An interval as options give it.</summary>
    /// <param name="minutes">0: never.</param>
    /// <returns>The interval.</returns>
    public static CheckpointInterval OfMinutes(double minutes) => minutes > 0 ? new(TimeSpan.FromMinutes(minutes)) : Never;

    /// <summary>Whether it is time to save again.</summary>
    /// <param name="sinceLast">Time since the last checkpoint, or since the run began.</param>
    /// <returns>True where the time has passed.</returns>
    public bool IsOver(TimeSpan sinceLast) => sinceLast >= Time;
}
