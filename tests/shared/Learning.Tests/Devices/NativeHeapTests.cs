using IntraDA.Learning.Devices;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Devices;

public sealed class NativeHeapTests
{
    private const int Pairs = 64;
    private const long Floats = 1 << 18;

    [Fact]
    public void What_lies_free_between_tensors_stays_until_it_is_told_to_go()
    {
        Assert.SkipUnless(NativeHeap.KeepFreed(), "the C library here is not glibc");
        NativeHeap.GiveBack();
        using var scope = NewDisposeScope();
        var kept = new List<Tensor>();
        var freed = new List<Tensor>();
        for (var i = 0; i < Pairs; i++)
        {
            kept.Add(ones(Floats));
            freed.Add(ones(Floats));
        }

        var full = Environment.WorkingSet;
        freed.ForEach(tensor => tensor.Dispose());
        var half = Pairs * Floats * sizeof(float) / 2;
        Assert.InRange(Environment.WorkingSet, full - half, long.MaxValue);
        Assert.True(NativeHeap.GiveBack());
        Assert.InRange(Environment.WorkingSet, 0, full - half);
        Assert.All(kept, tensor => Assert.Equal(1, tensor[0].item<float>()));
    }
}
