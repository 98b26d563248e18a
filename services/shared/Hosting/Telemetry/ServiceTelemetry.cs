using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IntraDA.Hosting.Telemetry;

/// <summary>The ensemble's own spans and instruments; docs/operations.md lists them. Costs next to nothing while nobody listens.</summary>
public sealed class ServiceTelemetry : IDisposable
{
    /// <summary>Name of the source of spans and of the meter.</summary>
    public const string Name = "IntraDA";

    private readonly ActivitySource _source = new(Name);
    private readonly Meter _meter;
    private readonly Counter<long> _images;
    private readonly Counter<long> _iterations;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _calls;
    private readonly Gauge<double> _loss;
    private readonly Histogram<double> _stageSeconds;
    private readonly Histogram<double> _storeSeconds;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">Owns the meter.</param>
    public ServiceTelemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(Name);
        _images = _meter.CreateCounter<long>("intrada.images", "{image}", "Images segmented.");
        _iterations = _meter.CreateCounter<long>("intrada.iterations", "{iteration}", "Training iterations finished.");
        _retries = _meter.CreateCounter<long>("intrada.retries", "{retry}", "Steps opened again after a failure that passes.");
        _calls = _meter.CreateCounter<long>("intrada.calls", "{call}", "Calls answered, by method and gRPC status.");
        // Not "1": Prometheus would take a loss for a ratio, and call it one.
        _loss = _meter.CreateGauge<double>("intrada.loss", "{loss}", "Loss terms of the last iteration, by term.");
        _stageSeconds = _meter.CreateHistogram<double>("intrada.stage.duration", "s", "Time of a finished stage, by stage and outcome.");
        _storeSeconds = _meter.CreateHistogram<double>("intrada.store.duration", "s", "Time of an access to the store, by operation and outcome.");
    }

    /// <summary>Shows how many wait in a queue.</summary>
    /// <param name="queue">Name of the queue.</param>
    /// <param name="depth">Asked when somebody looks.</param>
    public void ObserveQueue(string queue, Func<int> depth) => _meter.CreateObservableGauge(
        "intrada.queue.depth", () => new Measurement<int>(depth(), new KeyValuePair<string, object?>("queue", queue)), "{item}", "Work that waits or runs.");

    /// <summary>An image was segmented.</summary>
    public void CountImage() => _images.Add(1);

    /// <summary>An iteration ended.</summary>
    /// <param name="terms">Its loss terms by name.</param>
    public void CountIteration(IEnumerable<KeyValuePair<string, double>> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        _iterations.Add(1);
        if (_loss.Enabled)
        {
            foreach (var (term, value) in terms)
            {
                _loss.Record(value, new KeyValuePair<string, object?>("term", term));
            }
        }
    }

    /// <summary>A step is opened again.</summary>
    /// <param name="step">What is done.</param>
    public void CountRetry(string step) => _retries.Add(1, new KeyValuePair<string, object?>("step", step));

    /// <summary>A call was answered.</summary>
    /// <param name="method">Full name of the method, e.g. "/intrada.ranker.v1.RankerService/Rank".</param>
    /// <param name="status">Name of its gRPC status, e.g. "OK", "UNAVAILABLE".</param>
    public void CountCall(string method, string status) => _calls.Add(
        1, new KeyValuePair<string, object?>("method", method), new KeyValuePair<string, object?>("status", status));

    /// <summary>A stage ended.</summary>
    /// <param name="stage">Its name.</param>
    /// <param name="outcome">How.</param>
    /// <param name="time">How long it took.</param>
    public void RecordStage(string stage, string outcome, TimeSpan time) => _stageSeconds.Record(
        time.TotalSeconds, new KeyValuePair<string, object?>("stage", stage), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>The store was accessed.</summary>
    /// <param name="operation">Name of the operation.</param>
    /// <param name="outcome">"ok", or the kind of failure.</param>
    /// <param name="time">How long it took.</param>
    public void RecordStore(string operation, string outcome, TimeSpan time) => _storeSeconds.Record(
        time.TotalSeconds, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Begins a span that also names a stage to everything below it, in this process and behind calls.</summary>
    /// <param name="workflow">Id of the workflow.</param>
    /// <param name="stage">Name of the stage.</param>
    /// <returns>The span; dispose it.</returns>
    public Activity BeginStage(string workflow, string stage)
    {
        // Without a listener too: the ids in its baggage are what the services' logs are found by.
        var activity = _source.StartActivity($"stage {stage}", ActivityKind.Internal) ?? new Activity($"stage {stage}").Start();
        activity.SetTag("intrada.workflow", workflow).SetTag("intrada.stage", stage);
        activity.SetBaggage("workflow", workflow).SetBaggage("stage", stage);
        return activity;
    }

    /// <summary>Begins a span of work that goes on after the call that asked for it: below that call's span, with its ids for everything below.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="origin">Who asked.</param>
    /// <returns>The span; dispose it.</returns>
    public Activity BeginWork(string name, WorkOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        var known = ActivityContext.TryParse(origin.TraceParent, traceState: null, isRemote: true, out var parent);
        var activity = _source.StartActivity(name, ActivityKind.Internal, parent);
        if (activity is null)
        {
            // Nobody listens here; those whom this work calls may.
            activity = new Activity(name);
            activity = (known ? activity.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags) : activity).Start();
        }

        foreach (var (id, value) in origin.Ids)
        {
            activity.SetTag($"intrada.{id}", value).SetBaggage(id, (string)value);
        }

        return activity;
    }

    /// <summary>Begins a span.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The span, or null while nobody listens.</returns>
    public Activity? Begin(string name) => _source.StartActivity(name, ActivityKind.Client);

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
