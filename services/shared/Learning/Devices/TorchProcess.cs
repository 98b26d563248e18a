using static TorchSharp.torch;

namespace IntraDA.Learning.Devices;

/// <summary>What a process sets once before it computes with libtorch.</summary>
public static class TorchProcess
{
    /// <summary>Sets threads and heap.</summary>
    /// <param name="threads">Threads of an operation; 0 leaves libtorch's own choice, one a core.</param>
    public static void Prepare(int threads)
    {
        if (threads > 0)
        {
            set_num_threads(threads);
        }

        NativeHeap.KeepFreed();
    }
}
