using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using IntraDA.Data.Scoring;
using IntraDA.Gateway.Options;
using IntraDA.Hosting.Channels;

namespace IntraDA.Gateway.Segmenters;

/// <summary>
/// The segmenters behind the configured addresses: a name may stand for many, as that of a scaled service of docker compose or a
/// headless one of Kubernetes does. Looked up and asked from time to time; calls go round robin among those that answer.
/// </summary>
internal sealed class SegmenterPool : BackgroundService
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartPoll = TimeSpan.FromMilliseconds(200);

    private readonly GrpcChannels _channels;
    private readonly TimeProvider _time;
    private readonly TimeSpan _period;
    private readonly string[] _addresses;
    private readonly SemaphoreSlim _looking = new(1);
    private volatile IReadOnlyList<SegmenterEndpoint> _endpoints;
    private int _turn;

    public SegmenterPool(GatewayOptions options, GrpcChannels channels, TimeProvider time)
    {
        _channels = channels;
        _time = time;
        _period = TimeSpan.FromSeconds(options.Workflows.TrainerPollSeconds);
        _addresses = options.Services.Segmenters.Count > 0 ? [.. options.Services.Segmenters] : [options.Services.Segmenter];
        _endpoints = [.. _addresses.Select(address => new SegmenterEndpoint(address, null, channels.For(address)))];
    }

    /// <summary>The configured addresses, for error messages.</summary>
    public string Addresses => string.Join(", ", _addresses);

    /// <summary>All that were found.</summary>
    public IReadOnlyList<SegmenterEndpoint> Endpoints => _endpoints;

    /// <summary>The next one in turn among those that answer; where none is known to, whichever is next.</summary>
    public SegmenterEndpoint Next()
    {
        var all = _endpoints;
        var serving = all.Where(endpoint => endpoint.Serving).ToList();
        var among = serving.Count > 0 ? serving : all;
        return among[(int)((uint)Interlocked.Increment(ref _turn) % (uint)among.Count)];
    }

    /// <summary>
    /// The next one in turn among those whose results would be the planned one's; where there is none, among those of another build but the
    /// same precision. Null where there is neither.
    /// </summary>
    /// <param name="planned">Who was to do the work.</param>
    public SegmenterEndpoint? NextLike(ScorerIdentity planned)
    {
        var fit = _endpoints.Where(endpoint => endpoint.Serving && endpoint.Identity?.Precision == planned.Precision).ToList();
        var same = fit.Where(endpoint => planned.Equals(endpoint.Identity)).ToList();
        var among = same.Count > 0 ? same : fit;
        return among.Count == 0 ? null : among[(int)((uint)Interlocked.Increment(ref _turn) % (uint)among.Count)];
    }

    /// <summary>
    /// As <see cref="Next"/>, for calls that cannot be made twice: where none is known to answer, it gives one that is just starting the
    /// time to.
    /// </summary>
    public async Task<SegmenterEndpoint> NextAsync(CancellationToken cancellationToken)
    {
        var begin = _time.GetTimestamp();
        while (!_endpoints.Any(endpoint => endpoint.Serving))
        {
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
            if (_time.GetElapsedTime(begin) >= StartLimit)
            {
                break;
            }

            await Task.Delay(StartPoll, _time, cancellationToken).ConfigureAwait(false);
        }

        return Next();
    }

    /// <summary>Looks names up and asks every segmenter now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var found = new List<SegmenterEndpoint>();
            foreach (var address in _addresses)
            {
                var ips = await LookUpAsync(new Uri(address), cancellationToken).ConfigureAwait(false);
                found.AddRange(ips.Select(ip => Known(address, ip) ?? new SegmenterEndpoint(address, ip, _channels.For(address, ip))));
            }

            // A name that cannot be resolved for a moment does not mean that all are gone.
            if (found.Count > 0)
            {
                _endpoints = found;
            }

            await Task.WhenAll(_endpoints.Select(endpoint => AskAsync(endpoint, cancellationToken))).ConfigureAwait(false);
        }
        finally
        {
            _looking.Release();
        }
    }

    public override void Dispose()
    {
        _looking.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, _time);
        try
        {
            do
            {
                await RefreshAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The gateway is ending.
        }
    }

    /// <summary>One address of each machine behind a name, in a fixed order: where a name has addresses of both families, every machine has two.</summary>
    /// <param name="found">All addresses of the name.</param>
    internal static IEnumerable<IPAddress> OneEach(IReadOnlyCollection<IPAddress> found)
    {
        var family = found.Any(ip => ip.AddressFamily == AddressFamily.InterNetwork) ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        return found.Where(ip => ip.AddressFamily == family).Distinct().OrderBy(ip => ip.ToString(), StringComparer.Ordinal);
    }

    private static async Task<IReadOnlyList<IPAddress?>> LookUpAsync(Uri address, CancellationToken cancellationToken)
    {
        if (address.IsLoopback || IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out _))
        {
            return [null];
        }

        try
        {
            return [.. OneEach(await Dns.GetHostAddressesAsync(address.IdnHost, cancellationToken).ConfigureAwait(false))];
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private SegmenterEndpoint? Known(string address, IPAddress? ip) =>
        _endpoints.FirstOrDefault(endpoint => endpoint.Address == address && Equals(endpoint.Ip, ip));

    private async Task AskAsync(SegmenterEndpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            var info = await endpoint.Client
                .GetServiceInfoAsync(new(), deadline: _time.GetUtcNow().UtcDateTime + AnswerLimit, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            (endpoint.Identity, endpoint.Serving) =
                (info.Service is null ? endpoint.Identity : new ScorerIdentity(info.Service, info.Precision), info.Service is not null);
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            endpoint.Serving = false;
        }
    }
}
