using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace IntraDA.Ensemble.Tests.Processes;

/// <summary>All four services in a child process that ends with its standard input, and so with this process.</summary>
internal sealed class ServicesProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StringBuilder _messages;
    private readonly Task _reading;

    private ServicesProcess(Process process, StringBuilder messages, Task reading, JsonObject addresses)
    {
        _process = process;
        _messages = messages;
        _reading = reading;
        Gateway = Text("gateway");
        Web = Text("web");
        Segmenter = Text("segmenter");
        Ranker = Text("ranker");
        Trainer = Text("trainer");

        string Text(string name) => addresses[name]!.GetValue<string>();
    }

    public string Gateway { get; }

    public string Web { get; }

    public string Segmenter { get; }

    public string Ranker { get; }

    public string Trainer { get; }

    /// <summary>All that the services have said.</summary>
    public string Messages
    {
        get
        {
            lock (_messages)
            {
                return _messages.ToString();
            }
        }
    }

    /// <summary>Starts the services on free ports.</summary>
    public static async Task<ServicesProcess> StartAsync(string home, params string[] arguments)
    {
        var process = ProgramRun.Start(
            Places.DotNet,
            [Places.Built("IntraDA.Standalone", "IntraDA.Standalone"), "--home", home, "--exit-with-stdin", .. arguments],
            new Dictionary<string, string?> { ["INTRADA_HOME"] = home });
        var messages = new StringBuilder();
        var ready = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.WhenAll(Copy(process.StandardOutput), Copy(process.StandardError));
        try
        {
            var first = await Task.WhenAny(ready.Task, reading).WaitAsync(StartLimit);
            return first == ready.Task
                ? new ServicesProcess(process, messages, reading, await ready.Task)
                : throw new InvalidOperationException($"The services ended at once: {messages}");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }

        async Task Copy(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
            {
                lock (messages)
                {
                    messages.AppendLine(line);
                }

                if (line.StartsWith('{') && line.Contains("\"ready\":true", StringComparison.Ordinal))
                {
                    ready.TrySetResult(JsonNode.Parse(line)!.AsObject());
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(EndLimit);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The services did not end with their standard input: {Messages}");
        }
        finally
        {
            await _reading.WaitAsync(EndLimit);
            _process.Dispose();
        }
    }
}
