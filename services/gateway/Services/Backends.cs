using IntraDA.Gateway.Options;
using IntraDA.Hosting.Channels;
using RankerV1 = IntraDA.Contracts.Ranker.V1;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Gateway.Services;

/// <summary>Clients of the segmenter and of the ranker.</summary>
internal sealed class Backends(GatewayOptions options, GrpcChannels channels)
{
    public string SegmenterAddress { get; } = options.Services.Segmenter;

    public string RankerAddress { get; } = options.Services.Ranker;

    public SegmenterV1.SegmenterService.SegmenterServiceClient Segmenter { get; } = new(channels.For(options.Services.Segmenter));

    public RankerV1.RankerService.RankerServiceClient Ranker { get; } = new(channels.For(options.Services.Ranker));
}
