using System.Globalization;
using Grpc.Net.Client;
using IntraDA.Compose.Tests.Processes;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Compose.Tests.Swap;

/// <summary>
/// Gateway, segmenter and ranker as processes of their own, and two places for trainers, A and B, which the tests fill and empty.
/// </summary>
public sealed class SwapWorld : IAsyncLifetime
{
    private const string TrainerRelease = "IntraDA.TrainerRelease";

    private const string OtherTrainer = "MinEntTrainer";

    private readonly TempFolder _folder = new();
    private readonly List<ServiceProcess> _services = [];
    private readonly int _portA = Places.FreePort();
    private readonly int _portB = Places.FreePort();
    private readonly int _gatewayPort = Places.FreePort();
    private GrpcChannel? _channel;
    private string[] _gatewayArguments = [];
    private ServiceProcess? _gateway;

    internal GatewayClient Gateway => new(new GatewayService.GatewayServiceClient(_channel));

    internal Cli Cli => new(_folder["home"], Address(_gatewayPort));

    internal string this[string name] => _folder[name];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await TinyStreets.WriteAsync(new Cli(_folder["home"], gateway: null), _folder["streets"]);
        var segmenter = await StartAsync("IntraDA.Segmenter", Places.FreePort(), "--Segmenter:Threads", "1");
        var ranker = await StartAsync("IntraDA.Ranker", Places.FreePort());
        _gatewayArguments =
        [
            "--Web:Listen", "http://127.0.0.1:0", "--Services:Segmenter", segmenter.Address, "--Services:Ranker", ranker.Address,
            "--Services:Trainers:0", Address(_portA), "--Services:Trainers:1", Address(_portB),
            "--Workflows:TrainerPollSeconds", "0.5", "--Workflows:TrainerGraceSeconds", "10", "--Workflows:ScanSeconds", "0.5", "--Workflows:LeaseSeconds", "3",
        ];
        _gateway = await StartAsync("IntraDA.Gateway", _gatewayPort, _gatewayArguments);
        _channel = GrpcChannel.ForAddress(_gateway.Address, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        await Gateway.RegisterStreetsAsync(_folder["streets"]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        foreach (var service in Enumerable.Reverse(_services))
        {
            await service.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Puts a trainer into a place.</summary>
    internal async Task<ServiceProcess> StartTrainerAsync(string version, string format = "intrada.training/1", bool inB = false)
    {
        var trainer = await StartAsync(TrainerRelease, inB ? _portB : _portA, version, format, "--Trainer:Threads", "1");
        await SeenAsync(trainer.Address);
        return trainer;
    }

    /// <summary>Puts another team's trainer into a place.</summary>
    internal async Task<ServiceProcess> StartOtherTrainerAsync(bool inB = true)
    {
        var trainer = await StartAsync(OtherTrainer, inB ? _portB : _portA, "--Threads", "1");
        await SeenAsync(trainer.Address);
        return trainer;
    }

    /// <summary>Ends the gateway as a power failure would, and starts another one.</summary>
    internal async Task ReplaceGatewayAsync(Func<Task> meanwhile)
    {
        await _gateway!.KillAsync();
        try
        {
            await meanwhile();
        }
        finally
        {
            // The tests after this one need it, whatever became of this one.
            _gateway = await StartAsync("IntraDA.Gateway", _gatewayPort, _gatewayArguments);
        }
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    // While the gateway is gone too there is nobody to see it.
    private async Task SeenAsync(string address)
    {
        var token = TestContext.Current.CancellationToken;
        while (_gateway is { IsRunning: true })
        {
            var trainers = (await Gateway.Stub.ListTrainersAsync(new ListTrainersRequest(), cancellationToken: token)).Trainers;
            if (trainers.Any(t => t.Address == address && t.Serving))
            {
                return;
            }

            await Task.Delay(100, token);
        }
    }

    private async Task<ServiceProcess> StartAsync(string project, int port, params string[] arguments)
    {
        var service = await ServiceProcess.StartAsync(project, port, [.. arguments, "--Store:Directory", _folder["store"]]);
        _services.Add(service);
        return service;
    }
}
