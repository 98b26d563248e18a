using System.Runtime.CompilerServices;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IntraDA.Hosting.Tests;

public sealed class StoreHealthCheckTests
{
    private static readonly ArtifactStoreException Refused = new("The store refuses these credentials.", isTransient: false);
    private static readonly ArtifactStoreException Away = new("The store is away.", isTransient: true);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_service_that_its_store_refuses_is_not_ready_and_is_as_soon_as_the_store_takes_it()
    {
        var store = new AnsweringStore { Answer = Refused };
        using var check = Create(store);
        var result = await AskAsync(check);
        Assert.Equal((HealthStatus.Unhealthy, Refused.Message), (result.Status, result.Description));
        store.Answer = null;
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(check)).Status);
    }

    [Fact]
    public async Task A_store_that_was_never_reached_makes_a_service_not_ready_and_one_that_is_away_later_does_not()
    {
        var store = new AnsweringStore { Answer = Away };
        using var check = Create(store);
        Assert.Equal(HealthStatus.Unhealthy, (await AskAsync(check)).Status);
        store.Answer = null;
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(check)).Status);
        store.Answer = Away;
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(check)).Status);
        store.Answer = Refused;
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(HealthStatus.Unhealthy, (await AskAsync(check)).Status);
    }

    [Fact]
    public async Task However_often_health_is_asked_for_the_store_is_asked_every_ten_seconds()
    {
        var store = new AnsweringStore();
        using var check = Create(store);
        for (var i = 0; i < 25; i++)
        {
            await AskAsync(check);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, store.Asked);
    }

    private StoreHealthCheck Create(IArtifactStore store) => new(store, _time, NullLogger<StoreHealthCheck>.Instance);

    private static Task<HealthCheckResult> AskAsync(StoreHealthCheck check) =>
        check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken).Within();

    // Empty, or failing.
    private sealed class AnsweringStore : IArtifactStore
    {
        public Exception? Answer { get; set; }

        public int Asked { get; private set; }

        public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            Asked++;
            if (Answer is not null)
            {
                throw Answer;
            }

            yield break;
        }

        public Task<Artifact> PutAsync(string key, Stream content, string mediaType, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Artifact?> TryCreateAsync(string key, ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task CopyToAsync(Artifact artifact, Stream destination, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long?> GetSizeAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Uri?> CreateDownloadLinkAsync(Artifact artifact, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
