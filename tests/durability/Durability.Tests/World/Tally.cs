using System.Globalization;

namespace IntraDA.Durability.Tests.World;

/// <summary>Counts what was survived, and says so; the runner of <c>./intrada test</c> shows lines that begin with "summary: ".</summary>
public sealed class Tally : IDisposable
{
    private int _kills;
    private int _outages;
    private int _cancellations;

    /// <summary>A process was killed and its work ended as if nothing had happened.</summary>
    public void Kills(int count) => Interlocked.Add(ref _kills, count);

    /// <summary>The store failed and the work went on.</summary>
    public void Outages(int count) => Interlocked.Add(ref _outages, count);

    /// <summary>Work was stopped in time.</summary>
    public void Cancellations(int count) => Interlocked.Add(ref _cancellations, count);

    /// <summary>Shows a figure.</summary>
    public static void Say(string text) => Console.Out.WriteLine($"summary: {text}");

    /// <inheritdoc/>
    public void Dispose() => Say(string.Create(
        CultureInfo.InvariantCulture,
        $"kills survived: {_kills}, store outages survived: {_outages}, cancellations in time: {_cancellations}{(Matrix.IsOn ? " (whole matrix)" : "")}"));
}
