namespace IntraDA.Gateway.Options;

/// <summary>Which directories may be registered: configuration section "Datasets".</summary>
public sealed class DatasetOptions
{
    /// <summary>Absolute directories; a data set must lie in or below one of them.</summary>
    /// <value>Empty: any directory while only this machine can reach the gateway, none otherwise.</value>
    public IList<string> AllowedRoots { get; } = [];
}
