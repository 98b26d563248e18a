using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Scoring;

namespace IntraDA.Gateway.Services;

/// <summary>Long calls to the segmenter, opened again where they break.</summary>
internal sealed class SegmenterSteps(Backends backends, StepRetry retry, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>Who will do it.</summary>
    public async Task<ScorerIdentity> DescribeAsync(CancellationToken cancellationToken)
    {
        var reply = await TryAsync(
                "asking the segmenter who it is",
                async (_, token) => await backends.Segmenter
                    .GetServiceInfoAsync(new(), deadline: time.GetUtcNow().UtcDateTime + AnswerLimit, cancellationToken: token)
                    .ConfigureAwait(false),
                cancellationToken)
            .ConfigureAwait(false);
        return new ScorerIdentity(reply.Service, reply.Precision);
    }

    /// <summary>Evaluates a network.</summary>
    /// <param name="planned">Who is to do it.</param>
    /// <param name="request">What to evaluate.</param>
    /// <param name="onProgress">Hears how far it is.</param>
    /// <param name="onService">Hears who does it, where that is another build than was planned.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<EvaluationReport> EvaluateAsync(
        ScorerIdentity planned,
        EvaluateRequest request,
        Action<Progress> onProgress,
        Func<ServiceInfo, CancellationToken, Task> onService,
        CancellationToken cancellationToken)
    {
        var furthest = new ProgressGate();
        return TryAsync(
            "evaluating",
            async (onAnswer, token) =>
            {
                var segmenter = await backends.SegmenterLikeAsync(planned, token).ConfigureAwait(false);
                await onService(segmenter.Identity!.Service, token).ConfigureAwait(false);
                using var call = segmenter.Client.Evaluate(request, cancellationToken: token);
                while (await call.ResponseStream.MoveNext(token).ConfigureAwait(false))
                {
                    var message = call.ResponseStream.Current;
                    if (message.Report is { } report)
                    {
                        return report;
                    }

                    if (message.Progress is { } progress)
                    {
                        furthest.Pass(progress, onAnswer);
                        onProgress(progress);
                    }
                }

                throw new StepInterruptedException("the segmenter ended the stream without a report");
            },
            cancellationToken);
    }

    private async Task<T> TryAsync<T>(string name, Func<Action, CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await retry.RunAsync(name, step, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw Failures.Explain(e, "segmenter", backends.SegmenterAddress);
        }
    }
}
