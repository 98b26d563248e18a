using System.Diagnostics;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>Identity of this gateway among all that share a store.</summary>
internal sealed class GatewayProcess(IRandomSource random)
{
    private readonly string _owner = Base32.Encode(random.Next(10));
    private readonly DateTimeOffset _start = StartOf(Process.GetCurrentProcess());

    public LeaseDocument LeaseUntil(DateTimeOffset expires) =>
        new(_owner, Environment.MachineName, Environment.ProcessId, _start, expires);

    /// <summary>Whether the holder of a lease cannot come back: it is let go, out of time, or its process on this machine is gone.</summary>
    public static bool IsFree(LeaseDocument lease, DateTimeOffset now)
    {
        if (lease.Expires <= now)
        {
            return true;
        }

        if (lease.Machine != Environment.MachineName)
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(lease.ProcessId);
            return (StartOf(process) - lease.ProcessStart).Duration() > TimeSpan.FromSeconds(2);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return true;
        }
    }

    private static DateTimeOffset StartOf(Process process) => new(process.StartTime.ToUniversalTime(), TimeSpan.Zero);
}
