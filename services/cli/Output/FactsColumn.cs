using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IntraDA.Cli.Output;

/// <summary>A column of the live display that shows one text of each task's last facts.</summary>
/// <param name="facts">The last facts by the task's identity.</param>
/// <param name="select">The text to show.</param>
internal sealed class FactsColumn(ConcurrentDictionary<int, ProgressFacts> facts, Func<ProgressFacts, string> select) : ProgressColumn
{
    /// <inheritdoc/>
    protected override bool NoWrap => true;

    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.IsFinished || !facts.TryGetValue(task.Id, out var last) ? "" : select(last), new Style(Color.Grey));
}
