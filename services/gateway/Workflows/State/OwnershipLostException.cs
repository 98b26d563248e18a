namespace IntraDA.Gateway.Workflows.State;

/// <summary>Another gateway drives the workflow now; this one must let go of it.</summary>
internal sealed class OwnershipLostException(string id) : Exception($"The workflow {id} is driven by another gateway.");
