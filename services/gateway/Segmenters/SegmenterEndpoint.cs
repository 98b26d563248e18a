using System.Net;
using Grpc.Net.Client;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Scoring;

namespace IntraDA.Gateway.Segmenters;

/// <summary>One segmenter that was found.</summary>
/// <param name="address">The configured URL.</param>
/// <param name="ip">The address behind its name; null where the URL names it itself.</param>
/// <param name="channel">The connection.</param>
internal sealed class SegmenterEndpoint(string address, IPAddress? ip, GrpcChannel channel)
{
    /// <summary>The configured URL.</summary>
    public string Address { get; } = address;

    /// <summary>The address behind the name.</summary>
    public IPAddress? Ip { get; } = ip;

    /// <summary>For people.</summary>
    public string Name => Ip is null ? Address : $"{Address} ({Ip})";

    public SegmenterService.SegmenterServiceClient Client { get; } = new(channel);

    /// <summary>Who answered last; null where nobody has yet.</summary>
    public ScorerIdentity? Identity { get; set; }

    /// <summary>Whether it answered the last time.</summary>
    public bool Serving { get; set; }
}
