using System.Threading.Channels;
using Grpc.Core;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Manifests;
using IntraDA.Hosting.Errors;
using IntraDA.Segmenter.Engines;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Predictions;

/// <summary>
/// Answers a stream of images in order. A few images are on their way at a time: while one is computed, those behind it are decoded and the one before
/// it is encoded. The channel between reading and writing is bounded, and a reader that does not take answers stops the writer, the writer the
/// computing, and that the reading: nothing piles up.
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
        var answers = Channel.CreateBounded<Task<StreamPredictResponse>>(options.Value.StreamAhead);
        var reading = ReadAsync(requests, answers.Writer, lease, prediction, ending.Token);
        try
        {
            ulong sequence = 0;
            await foreach (var answer in answers.Reader.ReadAllAsync(ending.Token).ConfigureAwait(false))
            {
                var response = await answer.ConfigureAwait(false);
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
            // The engine is leased until the last image that began with it has ended.
            while (answers.Reader.TryRead(out var left))
            {
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await reading.ConfigureAwait(false);
    }

    private async Task ReadAsync(
        IAsyncStreamReader<StreamPredictRequest> requests,
        ChannelWriter<Task<StreamPredictResponse>> answers,
        EngineLease lease,
        PredictionOptions prediction,
        CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                var input = requests.Current.Image
                    ?? throw ServiceException.InvalidArgument("image", "Every message after the first carries an image.");
                await answers.WaitToWriteAsync(cancellationToken).ConfigureAwait(false);
                // There is room now, and nobody else writes.
                answers.TryWrite(Task.Run(() => AnswerAsync(lease, prediction, input, cancellationToken), CancellationToken.None));
            }

            answers.Complete();
        }
        catch (Exception e)
        {
            answers.Complete(e);
        }
    }

    private async Task<StreamPredictResponse> AnswerAsync(
        EngineLease lease, PredictionOptions prediction, ImageInput input, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new StreamPredictResponse
            {
                Id = input.Id,
                Prediction = await predictor.PredictAheadAsync(lease.Engine, input, prediction, cancellationToken).ConfigureAwait(false),
            };
        }
        catch (ServiceException e)
        {
            return new StreamPredictResponse { Id = input.Id, Error = ExceptionMapper.Map(e) };
        }
    }
}
