using System.Collections.Concurrent;
using Spectre.Console;

namespace IntraDA.Cli.Output;

/// <summary>Progress bars with rate and time left on a terminal.</summary>
internal sealed class LiveProgressBoard : IProgressBoard
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProgressTask> _tasks = [];
    private readonly ConcurrentDictionary<int, ProgressFacts> _facts = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ProgressContext> _context = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _display;

    /// <summary>Opens the display.</summary>
    /// <param name="console">The terminal.</param>
    public LiveProgressBoard(IAnsiConsole console)
    {
        var progress = console.Progress().AutoClear(false).AutoRefresh(true).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = 30 },
            new PercentageColumn(),
            new FactsColumn(_facts, facts => facts.RateText),
            new FactsColumn(_facts, facts => facts.LeftText));

        // The library owns the display for as long as its callback runs; this keeps it running until Dispose.
        _display = Task.Run(() => progress.StartAsync(async context =>
        {
            _context.SetResult(context);
            await _closed.Task;
        }));
    }

    /// <inheritdoc/>
    public void Start(string task)
    {
        lock (_lock)
        {
            Bar(task).IsIndeterminate = true;
        }
    }

    /// <inheritdoc/>
    public void Report(string task, ProgressFacts facts)
    {
        lock (_lock)
        {
            var bar = Bar(task);
            _facts[bar.Id] = facts;
            bar.Description = Markup.Escape(facts.Activity.Length > 0 && facts.Activity != task ? $"{task}: {facts.Activity}" : task);
            bar.IsIndeterminate = facts.Total <= 0;
            bar.MaxValue = Math.Max(facts.Total, 1);
            bar.Value = Math.Min(facts.Done, bar.MaxValue);
        }
    }

    /// <inheritdoc/>
    public void Finish(string task, string outcome)
    {
        lock (_lock)
        {
            var bar = Bar(task);
            bar.Description = Markup.Escape($"{task}: {outcome}");
            bar.IsIndeterminate = false;
            bar.Value = bar.MaxValue;
            bar.StopTask();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        await _display;
    }

    private ProgressTask Bar(string task)
    {
        // A stage that runs again after a resumption gets a bar of its own.
        if (!_tasks.TryGetValue(task, out var bar) || bar.IsFinished)
        {
            bar = _context.Task.GetAwaiter().GetResult().AddTask(Markup.Escape(task));
            _tasks[task] = bar;
        }

        return bar;
    }
}
