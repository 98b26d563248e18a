using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Cli.Errors;
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
    /// <exception cref="CliException">The stream ended before every image had its answer.</exception>
    public async Task RunAsync(
        IReadOnlyList<string> images,
        Action<int, Exception> onUnreadable,
        Func<int, byte[], StreamPredictResponse, Task> onAnswer,
        CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(InFlight);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var contents = new ConcurrentDictionary<int, byte[]>();
        var (answered, unreadable) = (0, 0);
        var sending = SendAllAsync(images, Skip, contents, room, stop.Token);
        var watching = StopWithAsync(sending, stop);
        try
        {
            await foreach (var answer in call.ReadAsync(stop.Token))
            {
                var index = int.Parse(answer.Id, CultureInfo.InvariantCulture);
                if (contents.TryRemove(index, out var content))
                {
                    answered++;
                    room.Release();
                    await onAnswer(index, content, answer);
                }
            }
        }
        catch (Exception exception) when (IsOwnFault(sending) && exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            // The stream was stopped because nothing more would be sent: why, the sender says.
            await sending;
        }
        finally
        {
            // A stream that ended early must not leave the sender waiting for room.
            await stop.CancelAsync();
            await watching;
        }

        // Where the services gave a reason for the end of the stream, reading has thrown it.
        if (IsOwnFault(sending))
        {
            await sending;
        }

        if (answered + unreadable < images.Count)
        {
            throw new CliException($"the services ended the stream after {answered} answers, before all {images.Count} images had one; see their log");
        }

        void Skip(int index, Exception exception)
        {
            Interlocked.Increment(ref unreadable);
            onUnreadable(index, exception);
        }
    }

    // A sender that stops for a reason of its own would leave the services waiting for images, and this side for their answers.
    private static async Task StopWithAsync(Task sending, CancellationTokenSource stop)
    {
        await Task.WhenAny(sending);
        if (IsOwnFault(sending))
        {
            await stop.CancelAsync();
        }
    }

    // A write into a stream that the services have ended is only the echo of that end.
    private static bool IsOwnFault(Task sending) =>
        sending.IsFaulted && sending.Exception.GetBaseException() is not (RpcException or InvalidOperationException);

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
            // A large write that the services' end of the stream overtakes may never end by itself.
            await call.SendAsync(image, cancellationToken).WaitAsync(cancellationToken);
        }

        await call.CompleteAsync();
    }
}
