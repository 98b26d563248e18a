namespace IntraDA.Artifacts.Formats;

/// <summary>The bytes of an artefact are not of the form they should have.</summary>
/// <param name="message">One sentence: the format, the part concerned and what is wrong with it.</param>
/// <param name="innerException">The cause, where there is one.</param>
public class ArtifactFormatException(string message, Exception? innerException = null) : Exception(message, innerException);
