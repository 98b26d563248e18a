using System.Collections.Concurrent;

namespace IntraDA.Gateway.Tests.Ensemble;

/// <summary>What the small segmenter does, and what it was asked for.</summary>
internal sealed class SegmenterBehaviour
{
    /// <summary>Digest of the network and kind of each call.</summary>
    public ConcurrentQueue<(string Call, string Weights)> Calls { get; } = new();

    /// <summary>Runs before each answer of a prediction stream.</summary>
    public Func<int, CancellationToken, Task> OnPredict { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs before each scoring, with the number of those before it.</summary>
    public Func<int, CancellationToken, Task> OnScore { get; set; } = (_, _) => Task.CompletedTask;

    public string Build { get; set; } = "1";

    public string Precision { get; set; } = "float32";

    /// <summary>Scorings that it was asked for so far.</summary>
    public int Scorings;

    /// <summary>Images that a stream has taken in so far.</summary>
    public int Received;
}
