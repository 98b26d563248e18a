using System.CommandLine;

namespace IntraDA.Cli.Composition;

/// <summary>Commands under a common first word.</summary>
/// <param name="name">The word.</param>
/// <param name="description">One sentence for the help.</param>
/// <param name="examples">Command lines that show the use of its commands.</param>
internal sealed class CommandGroup(string name, string description, params IReadOnlyList<string> examples) : Command(name, description), IExampled
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Examples => examples;
}
