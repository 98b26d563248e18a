namespace IntraDA.Trainer.Training;

/// <summary>Time after which a run saves itself, beside the interval in iterations that its plan names, and how long its last save may take.</summary>
/// <param name="Time">The time; null: never.</param>
/// <param name="Farewell">What a run that is stopped may take for its last checkpoint, after which the former one counts.</param>
public sealed record CheckpointInterval(TimeSpan? Time, TimeSpan Farewell)
{
    /// <summary>Least time for a last checkpoint of a job that a user stops while the service goes on.</summary>
    public static TimeSpan LeastFarewell { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The interval in iterations alone.</summary>
    public static CheckpointInterval Never { get; } = new(null, LeastFarewell);

    /// <summary>An interval as options give it.</summary>
    /// <param name="minutes">0: never.</param>
    /// <param name="farewell">What a run that is stopped may take for its last checkpoint.</param>
    /// <returns>The interval.</returns>
    public static CheckpointInterval OfMinutes(double minutes, TimeSpan farewell) => new(minutes > 0 ? TimeSpan.FromMinutes(minutes) : null, farewell);

    /// <summary>Whether it is time to save again.</summary>
    /// <param name="sinceLast">Time since the last checkpoint, or since the run began.</param>
    /// <returns>True where the time has passed.</returns>
    public bool IsOver(TimeSpan sinceLast) => sinceLast >= Time;
}
