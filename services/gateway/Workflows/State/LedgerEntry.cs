namespace IntraDA.Gateway.Workflows.State;

/// <summary>An entry of the ledger.</summary>
internal sealed record LedgerEntry(string WorkflowId, string SpecDigest);
