namespace IntraDA.Gateway.Reporting.Tests.Samples;

/// <summary>A clock that stands still.</summary>
internal sealed class SettledTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
