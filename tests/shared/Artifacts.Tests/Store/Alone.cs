namespace IntraDA.Artifacts.Tests.Store;

/// <summary>Tests that measure the process run while nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
