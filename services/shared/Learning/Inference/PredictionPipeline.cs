using System.Runtime.CompilerServices;
using System.Threading.Channels;
using IntraDA.Data.Images;

namespace IntraDA.Learning.Inference;

/// <summary>Predicts a sequence of images: while one is computed, the next ones are read, decoded and resized.</summary>
/// <param name="engine">The engine.</param>
/// <param name="ahead">Images that may be ready and waiting: the bound on memory.</param>
public sealed class PredictionPipeline(SegmentationEngine engine, int ahead = 2)
{
    /// <summary>Predicts.</summary>
    /// <typeparam name="T">What names an image.</typeparam>
    /// <param name="items">The images, in order.</param>
    /// <param name="read">Reads and decodes one; called for one at a time, on another thread than the computation's.</param>
    /// <param name="predict">Computes one, e.g. when it is its turn.</param>
    /// <param name="cancellationToken">Cancels between images.</param>
    /// <returns>The predictions, in order.</returns>
    public async IAsyncEnumerable<(T Item, EnginePrediction Prediction)> RunAsync<T>(
        IEnumerable<T> items,
        Func<T, CancellationToken, Task<RgbImage>> read,
        Func<PreparedImage, CancellationToken, Task<EnginePrediction>> predict,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = Channel.CreateBounded<(T Item, PreparedImage Image)>(ahead);
        var reading = Task.Run(() => ReadAsync(items, read, ready.Writer, ending.Token), CancellationToken.None);
        try
        {
            await foreach (var (item, image) in ready.Reader.ReadAllAsync(ending.Token).ConfigureAwait(false))
            {
                yield return (item, await predict(image, ending.Token).ConfigureAwait(false));
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    private async Task ReadAsync<T>(
        IEnumerable<T> items,
        Func<T, CancellationToken, Task<RgbImage>> read,
        ChannelWriter<(T Item, PreparedImage Image)> ready,
        CancellationToken cancellationToken)
    {
        try
        {
            foreach (var item in items)
            {
                var image = engine.Prepare(await read(item, cancellationToken).ConfigureAwait(false));
                await ready.WriteAsync((item, image), cancellationToken).ConfigureAwait(false);
            }

            ready.Complete();
        }
        catch (Exception e)
        {
            // The reader of the channel meets it in its turn, behind the images before it.
            ready.Complete(e);
        }
    }
}
