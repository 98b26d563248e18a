using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Gateway.Services;

/// <summary>Long calls to the segmenter, opened again where they break.</summary>
internal sealed class SegmenterSteps(Backends backends, StepRetry retry, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>Who will do it.</summary>
    public async Task<ServiceInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        var reply = await TryAsync(
                "asking the segmenter who it is",
                async (_, token) => await backends.Segmenter
                    .GetServiceInfoAsync(new(), deadline: time.GetUtcNow().UtcDateTime + AnswerLimit, cancellationToken: token)
                    .ConfigureAwait(false),
                cancellationToken)
            .ConfigureAwait(false);
        return reply.Service;
    }

    /// <summary>Evaluates a network.</summary>
    public Task<EvaluationReport> EvaluateAsync(
        EvaluateRequest request, Action<Progress> onProgress, CancellationToken cancellationToken)
    {
        var furthest = new ProgressGate();
        return TryAsync(
            "evaluating",
            async (onAnswer, token) =>
            {
                using var call = backends.Segmenter.Evaluate(request, cancellationToken: token);
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
