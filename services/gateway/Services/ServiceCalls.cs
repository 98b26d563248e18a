using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Trainers;

namespace IntraDA.Gateway.Services;

/// <summary>Who is there.</summary>
internal sealed class ServiceCalls(GatewayIdentity identity, Backends backends, TrainerDirectory trainers, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    public async Task<GetServiceInfoResponse> DescribeAsync(CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow().UtcDateTime + AnswerLimit;
        var segmenter = OrNullAsync(
            backends.Segmenter.GetServiceInfoAsync(new(), deadline: deadline, cancellationToken: cancellationToken).ResponseAsync);
        var ranker = OrNullAsync(
            backends.Ranker.GetServiceInfoAsync(new(), deadline: deadline, cancellationToken: cancellationToken).ResponseAsync);
        return new GetServiceInfoResponse
        {
            Service = identity.Info,
            Segmenter = await segmenter.ConfigureAwait(false),
            Ranker = await ranker.ConfigureAwait(false),
        };
    }

    public async Task<ListTrainersResponse> ListTrainersAsync(CancellationToken cancellationToken)
    {
        await trainers.RefreshAsync(cancellationToken).ConfigureAwait(false);
        var response = new ListTrainersResponse();
        response.Trainers.AddRange(trainers.Entries.Select(entry => new Trainer
        {
            Address = entry.Address,
            Serving = entry.Serving,
            Info = entry.Serving ? entry.Info : null,
        }));
        return response;
    }

    private static async Task<T?> OrNullAsync<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (RpcException)
        {
            return null;
        }
    }
}
