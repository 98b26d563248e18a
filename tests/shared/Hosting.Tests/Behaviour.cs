using Grpc.Core;

namespace IntraDA.Hosting.Tests;

/// <summary>What the methods of <see cref="HostedServer"/> do.</summary>
internal sealed class Behaviour
{
    /// <summary>Runs at the start of every method.</summary>
    public Func<ServerCallContext, Task> OnCall { get; set; } = _ => Task.CompletedTask;
}
