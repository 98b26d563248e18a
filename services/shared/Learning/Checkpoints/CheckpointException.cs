using IntraDA.Artifacts.Formats;

namespace IntraDA.Learning.Checkpoints;

/// <summary>A checkpoint does not fit: every missing, unexpected and wrongly shaped tensor is named at once.</summary>
/// <param name="message">One sentence that names the checkpoint, what does not fit and the fix.</param>
/// <param name="innerException">The cause, where there is one.</param>
public sealed class CheckpointException(string message, Exception? innerException = null) : ArtifactFormatException(message, innerException);
