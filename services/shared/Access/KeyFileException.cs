namespace IntraDA.Access;

/// <summary>A file of keys cannot be used. The message names the file and the fix, and quotes nothing of its content.</summary>
/// <param name="message">One sentence.</param>
/// <param name="innerException">The cause, where there is one.</param>
public sealed class KeyFileException(string message, Exception? innerException = null) : Exception(message, innerException);
