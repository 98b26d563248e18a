using Grpc.Core;
using IntraDA.Data.Scoring;
using IntraDA.Gateway.Options;
using IntraDA.Gateway.Segmenters;
using IntraDA.Hosting.Channels;
using RankerV1 = IntraDA.Contracts.Ranker.V1;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Gateway.Services;

/// <summary>Clients of the segmenter and of the ranker.</summary>
internal sealed class Backends(GatewayOptions options, GrpcChannels channels, SegmenterPool segmenters)
{
    public string SegmenterAddress => segmenters.Addresses;

    public string RankerAddress { get; } = options.Services.Ranker;

    /// <summary>The segmenter whose turn it is: one for each call.</summary>
    public SegmenterV1.SegmenterService.SegmenterServiceClient Segmenter => segmenters.Next().Client;

    /// <summary>As <see cref="Segmenter"/>, for calls of users, whose stream cannot be begun again: one that is just starting has the time to.</summary>
    public async Task<SegmenterV1.SegmenterService.SegmenterServiceClient> SegmenterAsync(CancellationToken cancellationToken) =>
        (await segmenters.NextAsync(cancellationToken).ConfigureAwait(false)).Client;

    /// <summary>As <see cref="Segmenter"/>, among those whose results are those of the planned one, as far as they are there.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: there is none of its precision; one may come back.</exception>
    public async Task<SegmenterEndpoint> SegmenterLikeAsync(ScorerIdentity planned, CancellationToken cancellationToken)
    {
        if (segmenters.NextLike(planned) is { } found)
        {
            return found;
        }

        await segmenters.RefreshAsync(cancellationToken).ConfigureAwait(false);
        return segmenters.NextLike(planned) ?? throw new RpcException(new Status(
            StatusCode.Unavailable, $"no segmenter answers{(planned.Precision.Length > 0 ? $" that computes in {planned.Precision}" : "")}"));
    }

    public RankerV1.RankerService.RankerServiceClient Ranker { get; } = new(channels.For(options.Services.Ranker));
}
