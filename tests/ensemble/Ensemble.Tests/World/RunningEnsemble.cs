using Grpc.Net.Client;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Ensemble.Tests.World;

/// <summary>
/// The services with three tiny synthetic sets, started once for all tests: those that need results of their own take another seed.
/// </summary>
public sealed class RunningEnsemble : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly SemaphoreSlim _one = new(1);
    private ServicesProcess? _services;
    private GrpcChannel? _channel;
    private Workflow? _plain;

    internal ServicesProcess Services => _services!;

    internal GatewayClient Gateway => new(new GatewayService.GatewayServiceClient(_channel));

    internal Cli Cli => new(Home, Services.Gateway);

    internal string Home => _folder["home"];

    /// <summary>A folder of one of the sets.</summary>
    internal string Folder(string role) => _folder["streets", role];

    /// <summary>An image of the validation set.</summary>
    internal IReadOnlyList<string> Images => [.. Directory.GetFiles(Path.Combine(Folder("validation"), "images")).Order()];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        try
        {
            await TinyStreets.WriteAsync(new Cli(Home, gateway: null), _folder["streets"]);
            _services = await ServicesProcess.StartAsync(Home);
            _channel = GrpcChannel.ForAddress(_services.Gateway, new GrpcChannelOptions { MaxReceiveMessageSize = null });
            await Gateway.RegisterStreetsAsync(_folder["streets"]);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _one.Dispose();
        _channel?.Dispose();
        try
        {
            if (_services is not null)
            {
                await _services.DisposeAsync();
            }
        }
        finally
        {
            _folder.Dispose();
        }
    }

    /// <summary>A finished workflow with nothing special about it, made once.</summary>
    internal async Task<Workflow> PlainAsync()
    {
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _plain ??= (await Gateway.RunAsync(TinyStreets.Spec())).Workflow;
        }
        finally
        {
            _one.Release();
        }
    }
}
