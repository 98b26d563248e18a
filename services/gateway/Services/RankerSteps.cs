using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Ranker.V1;

namespace IntraDA.Gateway.Services;

/// <summary>Calls to the ranker, made again where they break.</summary>
internal sealed class RankerSteps(Backends backends, StepRetry retry, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RankLimit = TimeSpan.FromMinutes(10);

    /// <summary>Who will do it.</summary>
    public async Task<ServiceInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        var reply = await TryAsync(
                "asking the ranker who it is",
                async (_, token) => await backends.Ranker
                    .GetServiceInfoAsync(new(), deadline: time.GetUtcNow().UtcDateTime + AnswerLimit, cancellationToken: token)
                    .ConfigureAwait(false),
                cancellationToken)
            .ConfigureAwait(false);
        return reply.Service;
    }

    /// <summary>Ranks a score table.</summary>
    public Task<RankResponse> RankAsync(RankRequest request, CancellationToken cancellationToken) => TryAsync(
        "ranking",
        async (_, token) => await backends.Ranker
            .RankAsync(request, deadline: time.GetUtcNow().UtcDateTime + RankLimit, cancellationToken: token)
            .ConfigureAwait(false),
        cancellationToken);

    /// <summary>Makes pseudo-labels.</summary>
    public Task<PseudoLabelReport> LabelAsync(
        GeneratePseudoLabelsRequest request, Action<Progress> onProgress, CancellationToken cancellationToken)
    {
        var furthest = new ProgressGate();
        return TryAsync(
        "pseudo-labelling",
        async (onAnswer, token) =>
        {
            using var call = backends.Ranker.GeneratePseudoLabels(request, cancellationToken: token);
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

            throw new StepInterruptedException("the ranker ended the stream without a report");
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
            throw Failures.Explain(e, "ranker", backends.RankerAddress);
        }
    }
}
