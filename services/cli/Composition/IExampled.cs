namespace IntraDA.Cli.Composition;

/// <summary>A command whose help ends with examples.</summary>
internal interface IExampled
{
    /// <summary>Command lines that run as they are copied; one that ends with a backslash goes on in the next.</summary>
    IReadOnlyList<string> Examples { get; }
}
