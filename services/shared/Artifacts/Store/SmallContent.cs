namespace IntraDA.Artifacts.Store;

/// <summary>The bound of conditional creation.</summary>
internal static class SmallContent
{
    // Beyond 5 MiB the S3 client goes over to multipart uploads, which lose the condition without a word.
    public const int MaxBytes = 4 << 20;

    public static void Require(string key, ReadOnlyMemory<byte> content)
    {
        if (content.Length > MaxBytes)
        {
            throw new ArgumentException($"'{key}' has {content.Length} bytes; at most {MaxBytes} can be created conditionally.", nameof(content));
        }
    }
}
