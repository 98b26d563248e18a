using System.Threading.Channels;
using Grpc.Core;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;
using IntraDA.Hosting.Errors;
using IntraDA.Segmenter.Engines;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Predictions;

/// <summary>
/// Answers a stream of images in order. Images are decoded ahead while one is computed; the channel between the two is bounded, and a
/// reader that does not take answers stops the writer, the writer the computing, and that the reading: nothing piles up.
/// </summary>
/// <param name="engines">Networks.</param>
/// <param name="predictor">Segments images.</param>
/// <param name="options">Settings.</param>
public sealed class StreamPredictor(EngineCache engines, Predictor predictor, IOptions<SegmenterOptions> options)
{
    /// <summary>Serves a stream.</summary>
    /// <param name="requests">Options first, then images.</param>
    /// <param name="responses">One per image.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>A task that ends with the stream.</returns>
    /// <exception cref="ServiceException">INVALID_ARGUMENT: the first message carries no options, or a later one does.</exception>
    public async Task RunAsync(
        IAsyncStreamReader<StreamPredictRequest> requests, IServerStreamWriter<StreamPredictResponse> responses, CancellationToken cancellationToken)
    {
        if (!await requests.NextAsync(cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var prediction = requests.Current.Options
            ?? throw ServiceException.InvalidArgument("options", "The first message of a stream carries the options.");
        using var lease = await engines.LeaseAsync(prediction.Model, "options.model", cancellationToken).ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var decoded = Channel.CreateBounded<Task<Decoded>>(options.Value.StreamAhead);
        var reading = ReadAsync(requests, decoded.Writer, ending.Token);
        try
        {
            ulong sequence = 0;
            await foreach (var next in decoded.Reader.ReadAllAsync(ending.Token).ConfigureAwait(false))
            {
                var image = await next.ConfigureAwait(false);
                var response = await AnswerAsync(lease, prediction, image, ending.Token).ConfigureAwait(false);
                response.Sequence = sequence++;
                if (response.Sequence == 0)
                {
                    response.Classes = lease.Engine.Description.Classes.ToProto();
                }

                await responses.WriteAsync(response, ending.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reading.ConfigureAwait(false);
    }

    private async Task ReadAsync(
        IAsyncStreamReader<StreamPredictRequest> requests, ChannelWriter<Task<Decoded>> decoded, CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                var input = requests.Current.Image
                    ?? throw ServiceException.InvalidArgument("image", "Every message after the first carries an image.");
                await decoded.WriteAsync(Task.Run(() => Decode(input), cancellationToken), cancellationToken).ConfigureAwait(false);
            }

            decoded.Complete();
        }
        catch (Exception e)
        {
            decoded.Complete(e);
        }
    }

    private Decoded Decode(ImageInput input)
    {
        try
        {
            return new Decoded(input.Id, predictor.Decode(input), null);
        }
        catch (Exception e) when (e is BadImageException or ServiceException)
        {
            return new Decoded(input.Id, null, ExceptionMapper.Map(e));
        }
    }

    private async Task<StreamPredictResponse> AnswerAsync(
        EngineLease lease, PredictionOptions prediction, Decoded image, CancellationToken cancellationToken)
    {
        if (image.Pixels is null)
        {
            return new StreamPredictResponse { Id = image.Id, Error = image.Error };
        }

        try
        {
            return new StreamPredictResponse
            {
                Id = image.Id,
                Prediction = await predictor.PredictAsync(lease.Engine, image.Pixels, prediction, cancellationToken).ConfigureAwait(false),
            };
        }
        catch (ServiceException e)
        {
            return new StreamPredictResponse { Id = image.Id, Error = ExceptionMapper.Map(e) };
        }
    }

    private sealed record Decoded(string Id, RgbImage? Pixels, Google.Rpc.Status? Error);
}
