using Google.Protobuf;

namespace IntraDA.Ensemble.Tests.Predictions;

internal static class Bytes
{
    public static ByteString AsBytes(this byte[] content) => UnsafeByteOperations.UnsafeWrap(content);
}
