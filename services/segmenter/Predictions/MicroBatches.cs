using System.Runtime.CompilerServices;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Inference;
using IntraDA.Segmenter.Engines;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Predictions;

/// <summary>
/// Computes images that wait for the same network in one pass, whichever streams they come from. No image waits for company: it is the one whose
/// turn comes that takes along what waits behind it. What a batch may hold is bounded in pixels, and with it how much later than alone an image is
/// answered.
/// </summary>
/// <param name="turns">Bounds the images computed and waiting.</param>
/// <param name="options">Settings.</param>
public sealed class MicroBatches(ImageTurns turns, IOptions<SegmenterOptions> options)
{
    // Entries go with their engines.
    private readonly ConditionalWeakTable<SegmentationEngine, LinkedList<Waiting>> _queues = [];

    /// <summary>Segments an image when it is its turn, or earlier in another's batch.</summary>
    /// <param name="engine">The network; leased by the caller until this has ended.</param>
    /// <param name="prepare">Gives the image when it is computed, so that one that waits need not be held decoded; what it throws is the caller's alone.</param>
    /// <param name="outputs">What to compute beyond the score.</param>
    /// <param name="cancellationToken">Gives the place up.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="ServiceException">RESOURCE_EXHAUSTED: too many wait.</exception>
    public async Task<EnginePrediction> PredictAsync(
        SegmentationEngine engine, Func<PreparedImage> prepare, EngineOutputs outputs, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(prepare, outputs);
        var queue = _queues.GetValue(engine, _ => new LinkedList<Waiting>());
        lock (queue)
        {
            queue.AddLast(waiting);
        }

        try
        {
            await turns.RunAsync(
                () =>
                {
                    Compute(engine, Take(engine, queue, waiting));
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lock (queue)
            {
                queue.Remove(waiting);
            }

            throw;
        }

        // Another turn may have taken this image along and still be computing it.
        return await waiting.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Compute(SegmentationEngine engine, List<Waiting> batch)
    {
        var ready = batch.Where(waiting => waiting.Prepare()).ToList();
        if (ready.Count == 0)
        {
            return;
        }

        try
        {
            var predictions = engine.PredictBatch([.. ready.Select(w => w.Image!)], [.. ready.Select(w => w.Outputs)]);
            foreach (var (waiting, prediction) in ready.Zip(predictions))
            {
                waiting.Answer.SetResult(prediction);
            }
        }
        catch (Exception e)
        {
            ready.ForEach(waiting => waiting.Answer.TrySetException(e));
        }
    }

    // The image whose turn it is, and those behind it; nothing where another turn has taken it along already.
    private List<Waiting> Take(SegmentationEngine engine, LinkedList<Waiting> queue, Waiting first)
    {
        var pixels = (long)engine.Description.InputWidth * engine.Description.InputHeight;
        var most = Math.Max(1, options.Value.BatchPixels / pixels);
        lock (queue)
        {
            if (!queue.Remove(first))
            {
                return [];
            }

            List<Waiting> batch = [first];
            while (batch.Count < most && queue.First is { } next)
            {
                queue.RemoveFirst();
                batch.Add(next.Value);
            }

            return batch;
        }
    }

    private sealed class Waiting(Func<PreparedImage> prepare, EngineOutputs outputs)
    {
        public PreparedImage? Image { get; private set; }

        public EngineOutputs Outputs { get; } = outputs;

        public TaskCompletionSource<EnginePrediction> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Prepare()
        {
            try
            {
                Image = prepare();
                return true;
            }
            catch (Exception e)
            {
                Answer.SetException(e);
                return false;
            }
        }
    }
}
