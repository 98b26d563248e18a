using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Cli.Predict;

/// <summary>Sends images down a prediction stream and hands back each answer with its image.</summary>
/// <param name="call">The stream.</param>
internal sealed class PredictionRun(IPredictionCall call)
{
    // Bounds the memory of both sides; enough to hide the reading of files behind the network's work.
    private const int InFlight = 8;

    /// <summary>Runs to the end of the images.</summary>
    /// <param name="images">The files.</param>
    /// <param name="onUnreadable">Told the index of a file that cannot be read, and why.</param>
    /// <param name="onAnswer">Told the index of each image that was sent, with its bytes and answer, in order.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>A task that ends with the stream.</returns>
    /// <exception cref="RpcException">The stream failed as a whole.</exception>
    public async Task RunAsync(
        IReadOnlyList<string> images,
        Action<int, Exception> onUnreadable,
        Func<int, byte[], StreamPredictResponse, Task> onAnswer,
        CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(InFlight);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var contents = new ConcurrentDictionary<int, byte[]>();
        var sending = SendAllAsync(images, onUnreadable, contents, room, stop.Token);
        try
        {
            await foreach (var answer in call.ReadAsync(cancellationToken))
            {
                var index = int.Parse(answer.Id, CultureInfo.InvariantCulture);
                if (contents.TryRemove(index, out var content))
                {
                    room.Release();
                    await onAnswer(index, content, answer);
                }
            }
        }
        finally
        {
            // A stream that ended early must not leave the sender waiting for room.
            await stop.CancelAsync();
            await sending.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task SendAllAsync(
        IReadOnlyList<string> images,
        Action<int, Exception> onUnreadable,
        ConcurrentDictionary<int, byte[]> contents,
        SemaphoreSlim room,
        CancellationToken cancellationToken)
    {
        for (var index = 0; index < images.Count; index++)
        {
            await room.WaitAsync(cancellationToken);
            byte[] content;
            try
            {
                content = await File.ReadAllBytesAsync(images[index], cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                onUnreadable(index, exception);
                room.Release();
                continue;
            }

            contents[index] = content;
            var image = new ImageInput
            {
                Id = index.ToString(CultureInfo.InvariantCulture),
                Content = UnsafeByteOperations.UnsafeWrap(content),
            };
            await call.SendAsync(image, cancellationToken);
        }

        await call.CompleteAsync();
    }
}
