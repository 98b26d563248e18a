using System.Text.Json.Nodes;

namespace IntraDA.Cli.Output;

/// <summary>Progress as JSON lines, at most one a second and task.</summary>
/// <param name="output">Receives the lines.</param>
/// <param name="clock">The clock.</param>
internal sealed class JsonProgressBoard(JsonConsoleOutput output, TimeProvider clock) : IProgressBoard
{
    private readonly Throttle _throttle = new(clock, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public void Start(string task) => output.Event("started", new JsonObject { ["task"] = task });

    /// <inheritdoc/>
    public void Report(string task, ProgressFacts facts)
    {
        if (_throttle.Admits(task, facts))
        {
            output.Event("progress", new JsonObject
            {
                ["task"] = task,
                ["activity"] = facts.Activity,
                ["done"] = facts.Done,
                ["total"] = facts.Total,
                ["unit"] = facts.Unit,
                ["rate"] = Math.Round(facts.Rate, 3),
                ["seconds_left"] = facts.SecondsLeft < 0 ? null : Math.Round(facts.SecondsLeft, 1),
            });
        }
    }

    /// <inheritdoc/>
    public void Finish(string task, string outcome) =>
        output.Event("finished", new JsonObject { ["task"] = task, ["outcome"] = outcome });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
