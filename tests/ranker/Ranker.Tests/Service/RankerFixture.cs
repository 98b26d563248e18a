using Grpc.Net.Client;
using IntraDA.Artifacts.Store;
using IntraDA.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Client = IntraDA.Contracts.Ranker.V1.RankerService.RankerServiceClient;

namespace IntraDA.Ranker.Tests.Service;

/// <summary>The whole service on a free port of loopback, with a store in a directory of its own.</summary>
public sealed class RankerFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intrada-test-");
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public IArtifactStore Store => _app!.Services.GetRequiredService<IArtifactStore>();

    public Client Client => new(_channel!);

    public async ValueTask InitializeAsync()
    {
        _app = RankerApplication.Create(["--Listen", "http://127.0.0.1:0", "--Store:Directory", _folder.FullName]);
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(_app));
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
