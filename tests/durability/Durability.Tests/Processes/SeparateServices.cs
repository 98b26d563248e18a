using Grpc.Net.Client;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Durability.Tests.Processes;

/// <summary>The four services, each in a process of its own, over one store.</summary>
internal sealed class SeparateServices : IAsyncDisposable
{
    private static readonly TimeSpan TrainerLimit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<Service, ServiceProcess> _services = [];
    private readonly List<GrpcChannel> _channels = [];
    private readonly TempFolder _temporary = new();

    private SeparateServices()
    {
    }

    public ServiceProcess this[Service service] => _services[service];

    public GatewayClient Gateway => new(new GatewayService.GatewayServiceClient(Channel(Service.Gateway)));

    public SegmenterService.SegmenterServiceClient Segmenter => new(Channel(Service.Segmenter));

    public TrainerService.TrainerServiceClient Trainer => new(Channel(Service.Trainer));

    /// <summary>All that the services have said.</summary>
    public string Messages => string.Join('\n', _services.Select(pair => $"--- {pair.Key}\n{pair.Value.Messages}"));

    /// <summary>What lies in the folder that the services take for the machine's temporary one.</summary>
    public IReadOnlyList<string> TemporaryFiles() => Directory.GetFileSystemEntries(_temporary.Path, "*", SearchOption.AllDirectories);

    /// <summary>Starts the services on free ports.</summary>
    /// <param name="store">Options of the store, which all four share.</param>
    /// <param name="more">Further options, for all four.</param>
    public static async Task<SeparateServices> StartAsync(IReadOnlyList<string> store, params string[] more)
    {
        var ports = Enum.GetValues<Service>().ToDictionary(service => service, _ => Places.FreePort());
        var services = new SeparateServices();
        var environment = new Dictionary<string, string?>
        {
            ["TMPDIR"] = services._temporary.Path,
            // Its sockets would lie there too, after a kill.
            ["DOTNET_EnableDiagnostics"] = "0",
        };
        try
        {
            foreach (var (service, port) in ports)
            {
                string[] own = service switch
                {
                    Service.Gateway =>
                    [
                        "--Web:Listen", $"http://127.0.0.1:{Places.FreePort()}",
                        "--Services:Segmenter", $"http://127.0.0.1:{ports[Service.Segmenter]}",
                        "--Services:Ranker", $"http://127.0.0.1:{ports[Service.Ranker]}",
                        "--Services:Trainers:0", $"http://127.0.0.1:{ports[Service.Trainer]}",
                        "--Workflows:ScanSeconds", "1",
                    ],
                    // One thread each: sums are formed in one order, however many cores a machine has.
                    Service.Segmenter => ["--Segmenter:Threads", "1"],
                    Service.Trainer => ["--Trainer:Threads", "1"],
                    _ => [],
                };
                services._services[service] = new ServiceProcess(service, port, [.. store, .. own, .. more], environment);
            }

            await services.StartAsync([.. ports.Keys]);
            await services.TrainerKnownAsync();
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts services that were killed.</summary>
    public async Task StartAsync(params IReadOnlyList<Service> services)
    {
        foreach (var service in services)
        {
            this[service].Start();
        }

        await Task.WhenAll(services.Select(service => this[service].ReadyAsync()));
    }

    /// <summary>SIGKILL to all of them at once.</summary>
    public Task KillAsync(params IReadOnlyList<Service> services) => Task.WhenAll(services.Select(service => this[service].KillAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        foreach (var service in _services.Values)
        {
            await service.DisposeAsync();
        }

        _temporary.Dispose();
    }

    // The first answer of a trainer takes it some time, and a workflow is not created before its gateway knows one.
    private async Task TrainerKnownAsync()
    {
        var gateway = Gateway.Stub;
        var begin = TimeProvider.System.GetTimestamp();
        while (!(await gateway.ListTrainersAsync(new ListTrainersRequest()).ResponseAsync.Within()).Trainers.All(trainer => trainer.Serving))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < TrainerLimit, $"The trainer does not answer its gateway.\n{Messages}");
            await Task.Delay(100);
        }
    }

    // A channel of its own for each use: one that saw a service die may wait before it looks again.
    private GrpcChannel Channel(Service service)
    {
        var channel = GrpcChannel.ForAddress(this[service].Address, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        _channels.Add(channel);
        return channel;
    }
}
