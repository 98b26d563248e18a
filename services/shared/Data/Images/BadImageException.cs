namespace IntraDA.Data.Images;

/// <summary>An image or label file cannot be used: damaged, of another format, or beyond the limits.</summary>
/// <param name="name">The file or item, as the user knows it.</param>
/// <param name="reason">What is wrong and, where there is one, the fix; begins in lower case, without a full stop.</param>
/// <param name="innerException">The cause, where there is one.</param>
public sealed class BadImageException(string name, string reason, Exception? innerException = null)
    : Exception($"The image '{name}' cannot be used: {reason}.", innerException)
{
    /// <summary>The file or item.</summary>
    public string Name { get; } = name;

    /// <summary>What is wrong.</summary>
    public string Reason { get; } = reason;
}
