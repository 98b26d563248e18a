namespace IntraDA.Durability.Tests.Processes;

/// <summary>One of the four.</summary>
public enum Service
{
    /// <summary>Drives workflows.</summary>
    Gateway,

    /// <summary>Segments.</summary>
    Segmenter,

    /// <summary>Ranks.</summary>
    Ranker,

    /// <summary>Trains.</summary>
    Trainer,
}
