using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Workflows.Specs;

/// <summary>Gives each stage a seed of its own, so that no two stages see the same chance.</summary>
internal static class StageSeed
{
    public static ulong Derive(ulong workflowSeed, StageKind kind)
    {
        var text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{workflowSeed}/{StageOrder.NameOf(kind)}");
        // 63 bits: a trainer may hold its seed in a signed number.
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) >> 1;
    }
}
