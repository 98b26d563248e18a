using System.Globalization;
using IntraDA.Learning.Devices;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Devices;

public sealed class NativeHeapTests
{
    private const int Cycles = 20;
    private const long Floats = 4 << 20;

    [Fact]
    public void Freed_memory_is_used_again_and_given_back_when_told()
    {
        Assert.SkipUnless(NativeHeap.KeepFreed(), "the C library here is not glibc");
        Cycle();
        var before = MinorFaults();
        for (var i = 0; i < Cycles; i++)
        {
            Cycle();
        }

        // Every cycle touches 8,192 pages; without the setting each is asked of the system again.
        Assert.InRange(MinorFaults() - before, 0, Cycles * 8192 / 10);

        var resident = Environment.WorkingSet;
        Assert.True(NativeHeap.GiveBack());
        Assert.InRange(Environment.WorkingSet, 0, resident - (Floats * sizeof(float)));
    }

    private static void Cycle()
    {
        using var scope = NewDisposeScope();
        ones(Floats).add_(ones(Floats));
    }

    private static long MinorFaults()
    {
        // The name before the last bracket may hold blanks; the tenth field counts the faults that needed no disk.
        var fields = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[7], CultureInfo.InvariantCulture);
    }
}
