using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Workflows.Specs;

/// <summary>A spec with all defaults filled in, and the data sets that its names stood for when it was given.</summary>
/// <param name="Spec">The spec.</param>
/// <param name="Source">The labelled source.</param>
/// <param name="Target">The target.</param>
/// <param name="Validation">The validation set; null where there is none.</param>
/// <param name="InitialPredicts">Whether the initial weights are a whole network for the source's classes.</param>
internal sealed record ResolvedSpec(WorkflowSpec Spec, Dataset Source, Dataset Target, Dataset? Validation, bool InitialPredicts);
