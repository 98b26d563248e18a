namespace IntraDA.Cli.Output;

/// <summary>Shows how far several pieces of work are. Safe to call from many threads.</summary>
internal interface IProgressBoard : IAsyncDisposable
{
    /// <summary>Says that a piece of work has begun; optional before <see cref="Report"/>.</summary>
    /// <param name="task">Its name.</param>
    void Start(string task);

    /// <summary>Says how far a piece of work is; the first call makes it appear.</summary>
    /// <param name="task">Its name.</param>
    /// <param name="facts">How far it is.</param>
    void Report(string task, ProgressFacts facts);

    /// <summary>Says that a piece of work has ended.</summary>
    /// <param name="task">Its name.</param>
    /// <param name="outcome">How, in a few words.</param>
    void Finish(string task, string outcome);
}
