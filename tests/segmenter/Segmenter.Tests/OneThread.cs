using static TorchSharp.torch;

namespace IntraDA.Segmenter.Tests;

/// <summary>Keeps torch to one thread: the machine is shared, and sums are then formed in one order.</summary>
public sealed class OneThread
{
    public OneThread() => set_num_threads(1);
}
