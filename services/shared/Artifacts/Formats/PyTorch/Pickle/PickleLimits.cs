namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>
/// What a pickle may cost. The pickle of a network of 600 tensors takes 100 kB, 20 000 values and depth 6; a hundred thousand tensors fit.
/// </summary>
internal static class PickleLimits
{
    /// <summary>Bytes of one pickle.</summary>
    public const long Bytes = 64L << 20;

    /// <summary>Values pushed: bounds the memory that one-byte opcodes can claim.</summary>
    public const int Values = 4 << 20;

    /// <summary>Entries of the memo.</summary>
    public const int Memo = 2 << 20;

    /// <summary>Containers within containers.</summary>
    public const int Depth = 200;

    /// <summary>Bytes of a line of the text protocol, and of a whole number.</summary>
    public const int Line = 4096;

    /// <summary>Dimensions of a tensor.</summary>
    public const int Dimensions = 32;

    /// <summary>Bytes of all tensors together once each is contiguous.</summary>
    public const long TensorBytes = 64L << 30;

    /// <summary>Bytes of all tensors together that any file may have: strides of 0 make large tensors of small files.</summary>
    public const long ExpandedBytes = 256L << 20;

    /// <summary>Bytes of all tensors together beyond those, for each byte of the file.</summary>
    public const long Expansion = 64;
}
