using IntraDA.Learning.Networks;
using TorchSharp;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>Finds the fast form of a network.</summary>
internal static class FastNetworks
{
    /// <summary>Whether the processor multiplies bfloat16 in hardware; without that, half precision is slower than float32.</summary>
    /// <returns>True where it does, as far as the operating system tells.</returns>
    public static bool HasBFloat16() =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal)) is { } flags
        && flags.Split(' ').Any(flag => flag is "avx512_bf16" or "amx_bf16");

    /// <summary>Builds the fast form.</summary>
    /// <param name="network">The network; left as it is.</param>
    /// <param name="precision">float32 or bfloat16.</param>
    /// <returns>Null where there is none: another architecture, precision or device.</returns>
    public static IFastNetwork? TryBuild(SegmentationNetwork network, EnginePrecision precision) =>
        network is DeepLabV2 deepLab
        && network.Placement.Type == torch.ScalarType.Float32
        && network.Placement.Device.type == DeviceType.CPU
            ? new FoldedDeepLab(FoldedConvs.ForThisProcessor(precision), deepLab)
            : null;
}
