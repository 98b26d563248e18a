using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>The one thread budget: managed loops use as many threads as torch does, and never at the same time as torch for one image.</summary>
internal static class ComputeThreads
{
    /// <summary>Runs a loop on the budget's threads.</summary>
    /// <param name="count">Number of pieces; their results must not depend on who computes them.</param>
    /// <param name="piece">Computes a piece.</param>
    public static void For(int count, Action<int> piece)
    {
        var threads = Math.Min(get_num_threads(), count);
        if (threads <= 1)
        {
            for (var i = 0; i < count; i++)
            {
                piece(i);
            }

            return;
        }

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, piece);
    }
}
