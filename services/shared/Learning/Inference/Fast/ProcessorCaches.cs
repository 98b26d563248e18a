using System.Runtime.Intrinsics.X86;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// What the processor says of its caches. oneDNN chooses the blocks of its packed kernels by them; on a virtual machine that says nothing
/// version 3.7.1 was seen to divide by zero there. That the one is the cause of the other is likely, not proven.
/// </summary>
internal static class ProcessorCaches
{
    private const int IntelLeaf = 4;
    private const int AmdLeaf = unchecked((int)0x8000001D);
    private const int TypeMask = 0x1F;

    /// <summary>Whether the processor describes at least one cache; true where it cannot be asked.</summary>
    public static bool AreReported { get; } = !X86Base.IsSupported || Describes(IntelLeaf) || Describes(AmdLeaf);

    private static bool Describes(int leaf) =>
        // The highest leaf of a range stands in the range's first; beyond it the answer means nothing.
        (uint)X86Base.CpuId(leaf & unchecked((int)0x80000000), 0).Eax >= (uint)leaf
        && (X86Base.CpuId(leaf, 0).Eax & TypeMask) != 0;
}
