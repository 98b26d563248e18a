using IntraDA.Artifacts.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace IntraDA.Hosting;

/// <summary>
/// Whether the store takes this service: a service with wrong credentials, or one that has never reached its store, can do nothing and says so. One
/// whose store is away for a while stays in service: its work waits, and callers are told why.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Hears of every change.</param>
internal sealed class StoreHealthCheck(IArtifactStore store, TimeProvider time, ILogger<StoreHealthCheck> logger) : IHealthCheck, IDisposable
{
    /// <summary>Name of the service that answers for the process alone, whatever its store does: what a liveness probe is to ask.</summary>
    public const string LiveService = "live";

    // Nothing is ever stored there.
    private const string Probe = "health/";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeepGood = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepBad = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private HealthCheckResult? _last;
    private long _lastTime;
    private bool _reached;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_last is { } last && time.GetElapsedTime(_lastTime) < (last.Status == HealthStatus.Healthy ? KeepGood : KeepBad))
            {
                return last;
            }

            var now = await AskAsync(cancellationToken).ConfigureAwait(false);
            if (_last?.Status != now.Status)
            {
                logger.Log(
                    now.Status == HealthStatus.Healthy ? LogLevel.Information : LogLevel.Error,
                    "{Ready}: {Reason}",
                    now.Status == HealthStatus.Healthy ? "Ready" : "Not ready",
                    now.Description);
            }

            (_last, _lastTime) = (now, time.GetTimestamp());
            return now;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<HealthCheckResult> AskAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var listing = store.ListAsync(Probe, both.Token).GetAsyncEnumerator(both.Token);
            await using (listing.ConfigureAwait(false))
            {
                await listing.MoveNextAsync().ConfigureAwait(false);
            }

            _reached = true;
            return HealthCheckResult.Healthy("the store answers");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Away($"the store does not answer within {Limit.TotalSeconds:0} s");
        }
        catch (ArtifactStoreException e) when (e.IsTransient)
        {
            return Away(e.Message);
        }
        catch (ArtifactStoreException e)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }

    private HealthCheckResult Away(string reason) => _reached ? HealthCheckResult.Healthy(reason) : HealthCheckResult.Unhealthy(reason);
}
