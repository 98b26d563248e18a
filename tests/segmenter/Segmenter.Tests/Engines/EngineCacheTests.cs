using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Inference;
using IntraDA.Learning.Networks;
using IntraDA.Segmenter.Engines;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Tests.Engines;

public sealed class EngineCacheTests : IDisposable
{
    private readonly World _world = new();
    private readonly EngineCache _cache;

    public EngineCacheTests() =>
        _cache = new EngineCache(_world.Store, TensorPlacement.Cpu, Options.Create(new SegmenterOptions { CachedEngines = 1, Precision = "auto" }));

    [Fact]
    public async Task Calls_for_one_checkpoint_share_an_engine_even_when_they_come_at_once()
    {
        var checkpoint = await _world.CheckpointAsync(1);
        var leases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LeaseAsync(checkpoint))).Within();
        Assert.All(leases, lease => Assert.Same(leases[0].Engine, lease.Engine));
        Assert.Single(_cache.List());
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task An_engine_that_was_evicted_works_until_its_last_lease_ends()
    {
        var (first, second) = (await _world.CheckpointAsync(1), await _world.CheckpointAsync(2));
        var lease = await LeaseAsync(first);
        (await LeaseAsync(second)).Dispose();
        Assert.Equal([second.Sha256], _cache.List().Select(m => m.Checkpoint.Sha256));
        Assert.InRange(lease.Engine.Predict(World.Image(1), EngineOutputs.ScoreOnly).Score, 0, 0.2);
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.Engine);
    }

    [Fact]
    public async Task A_name_moves_to_a_new_network_while_calls_end_with_the_old_one()
    {
        var (first, second) = (await _world.CheckpointAsync(1), await _world.CheckpointAsync(2));
        var token = TestContext.Current.CancellationToken;
        await _cache.LoadAsync("street", first, token);
        using var before = await LeaseAsync("street");
        await _cache.LoadAsync("street", second, token);
        using var after = await LeaseAsync("street");
        Assert.Equal((first.Sha256, second.Sha256), (before.Checkpoint.Sha256, after.Checkpoint.Sha256));
        Assert.NotEqual(
            before.Engine.Predict(World.Image(1), EngineOutputs.ScoreOnly).Score, after.Engine.Predict(World.Image(1), EngineOutputs.ScoreOnly).Score);
        Assert.True(_cache.Unload("street"));
        Assert.False(_cache.Unload("street"));
        var unknown = await Assert.ThrowsAsync<ServiceException>(() => LeaseAsync("street"));
        Assert.Contains("street", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_named_by_its_key_alone_gets_a_name_too()
    {
        var checkpoint = await _world.CheckpointAsync(1);
        var model = await _cache.LoadAsync("street", new Artifact { Key = checkpoint.Key }, TestContext.Current.CancellationToken);
        Assert.Equal(checkpoint.Sha256, model.Checkpoint.Sha256);
        (await LeaseAsync("street")).Dispose();
    }

    [Fact]
    public async Task A_network_without_a_fast_form_keeps_full_precision_whatever_is_asked_for()
    {
        using var lease = await LeaseAsync(await _world.CheckpointAsync(1));
        Assert.Equal(new PrecisionChoice(EnginePrecision.Full, null), lease.Engine.Choice);
    }

    public void Dispose()
    {
        _cache.Dispose();
        _world.Dispose();
    }

    private Task<EngineLease> LeaseAsync(Artifact checkpoint) =>
        _cache.LeaseAsync(new ModelSelector { Checkpoint = checkpoint }, "model", TestContext.Current.CancellationToken).Within();

    private Task<EngineLease> LeaseAsync(string name) =>
        _cache.LeaseAsync(new ModelSelector { Name = name }, "model", TestContext.Current.CancellationToken).Within();
}
