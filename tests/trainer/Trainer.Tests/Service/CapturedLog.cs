using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IntraDA.Trainer.Tests.Service;

/// <summary>What a service logs, each line with the ids in its scopes.</summary>
internal sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<(string Text, IReadOnlyDictionary<string, string> Ids)> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    /// <summary>Lines that contain a text, as the workflow and the stage that they carry.</summary>
    public IReadOnlyList<(string? Workflow, string? Stage)> Lines(string text) =>
    [
        .. _lines.Where(line => line.Text.Contains(text, StringComparison.Ordinal))
            .Select(line => (line.Ids.GetValueOrDefault("workflow"), line.Ids.GetValueOrDefault("stage"))),
    ];

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // Nothing is held.
    }

    private sealed class Logger(CapturedLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var ids = new Dictionary<string, string>();
            log._scopes.ForEachScope(
                (scope, found) =>
                {
                    foreach (var (name, value) in scope as IEnumerable<KeyValuePair<string, object>> ?? [])
                    {
                        found[name] = $"{value}";
                    }
                },
                ids);
            log._lines.Enqueue((formatter(state, exception), ids));
        }
    }
}
