namespace IntraDA.Cli.Output;

/// <summary>Progress as plain lines for files and pipes: at most one in a few seconds and task.</summary>
/// <param name="writer">Receives the lines.</param>
/// <param name="clock">The clock.</param>
internal sealed class PlainProgressBoard(TextWriter writer, TimeProvider clock) : IProgressBoard
{
    private readonly Throttle _throttle = new(clock, TimeSpan.FromSeconds(5));
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public void Start(string task) => Write($"{task}: started");

    /// <inheritdoc/>
    public void Report(string task, ProgressFacts facts)
    {
        if (_throttle.Admits(task, facts))
        {
            Write($"{task}: {facts.Line}");
        }
    }

    /// <inheritdoc/>
    public void Finish(string task, string outcome) => Write($"{task}: {outcome}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Write(string line)
    {
        lock (_lock)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }
}
