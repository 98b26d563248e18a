namespace MinEntTrainer.Learning;

/// <summary>The manifest of a checkpoint: written after what it names, so that what it names is there.</summary>
/// <param name="Format">Form of the state.</param>
/// <param name="Iteration">Iterations finished.</param>
/// <param name="Seconds">Seconds of training so far.</param>
/// <param name="State">Key, digest and length of the tensors.</param>
/// <param name="Curves">Key, digest and length of the loss terms.</param>
internal sealed record Checkpoint(string Format, int Iteration, double Seconds, CheckpointPart State, CheckpointPart Curves);
