namespace IntraDA.Data.Manifests;

/// <summary>A data set, its manifest, its folder or one of its files cannot be used as asked.</summary>
public sealed class DatasetException : Exception
{
    /// <summary>Creates the exception for one finding.</summary>
    /// <param name="message">One sentence that names the thing and the fix.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public DatasetException(string message, Exception? innerException = null)
        : base(message, innerException) => Violations = [message];

    /// <summary>Creates the exception for all findings at once.</summary>
    /// <param name="subject">What they are about; begins the sentence.</param>
    /// <param name="violations">The findings, without full stops; at least one.</param>
    public DatasetException(string subject, IReadOnlyList<string> violations)
        : base($"{subject}: {string.Join("; ", violations)}.") => Violations = violations;

    /// <summary>The findings; at least one.</summary>
    public IReadOnlyList<string> Violations { get; }
}
