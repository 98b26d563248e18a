using System.Buffers;
using System.Runtime.InteropServices;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>Memory for intermediate values, borrowed from the runtime's pool, its first value at the beginning of a cache line.</summary>
internal sealed unsafe class ScratchMemory : IDisposable
{
    private const int Line = 64;

    private readonly float[] _values;
    private GCHandle _pin;

    /// <summary>Borrows memory; what it holds is anything.</summary>
    /// <param name="count">Values.</param>
    public ScratchMemory(int count)
    {
        _values = ArrayPool<float>.Shared.Rent(count + (Line / sizeof(float)));
        _pin = GCHandle.Alloc(_values, GCHandleType.Pinned);
        First = (float*)(((nuint)_pin.AddrOfPinnedObject() + Line - 1) & ~(nuint)(Line - 1));
    }

    /// <summary>The first value.</summary>
    public float* First { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _pin.Free();
        ArrayPool<float>.Shared.Return(_values);
    }
}
