using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using IntraDA.Cli.Gateways;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Studies;

/// <summary>
/// Ids of a study's requests: the same work has the same id, so that a killed study finds the workflows that it had created. The same
/// spec on other data or by other builds of the services is other work.
/// </summary>
internal sealed class RequestIds
{
    private readonly string _surroundings;

    private RequestIds(string surroundings) => _surroundings = surroundings;

    /// <summary>Asks who answers.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="data">The study's data.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The ids of this gateway, its services and these data.</returns>
    public static async Task<RequestIds> OfAsync(GatewayConnection gateway, StudyData data, CancellationToken cancellationToken)
    {
        var info = await gateway.Client.GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: cancellationToken);
        var trainers = await gateway.Client.ListTrainersAsync(new ListTrainersRequest(), cancellationToken: cancellationToken);
        IEnumerable<string?> builds =
        [
            info.Service?.Build, info.Segmenter?.Service?.Build, info.Ranker?.Service?.Build,
            .. trainers.Trainers.Where(trainer => trainer.Serving).Select(trainer => trainer.Info?.Service?.Build),
        ];
        var sets = data.Sets.OrderBy(set => set.Key, StringComparer.Ordinal).Select(set => set.Value.Manifest?.Sha256);
        return new RequestIds(string.Join('\n', builds.Concat(sets)));
    }

    /// <summary>The id of a workflow.</summary>
    /// <param name="spec">What is to be done.</param>
    /// <returns>At most 64 characters of <c>[a-z0-9-]</c>.</returns>
    public string For(WorkflowSpec spec)
    {
        byte[] work = [.. Encoding.UTF8.GetBytes(_surroundings), 0, .. spec.ToByteArray()];
        return "study-" + Convert.ToHexStringLower(SHA256.HashData(work))[..40];
    }
}
