namespace IntraDA.Cli.Errors;

/// <summary>A failure whose message is meant for the user: it names the thing and the fix.</summary>
/// <param name="message">One sentence.</param>
internal sealed class CliException(string message) : Exception(message);
