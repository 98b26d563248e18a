using IntraDA.Artifacts.Formats;

namespace IntraDA.Trainer.Training;

/// <summary>The manifest of a resumable checkpoint; written after everything it names.</summary>
/// <param name="Format">Identity of the checkpoint format.</param>
/// <param name="Iteration">Iterations finished.</param>
/// <param name="State">Tensors of network, optimiser and method.</param>
/// <param name="Curves">Loss curves so far.</param>
/// <param name="Seconds">Seconds of training so far.</param>
/// <param name="Best">The best snapshot so far, where one is chosen.</param>
public sealed record ResumePoint(
    string Format, int Iteration, StoredArtifact State, StoredArtifact Curves, double Seconds, BestSnapshot? Best);
