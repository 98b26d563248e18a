using IntraDA.Contracts.Trainer.V1;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Loading;
using IntraDA.Trainer.Tests.Loading;
using IntraDA.Trainer.Training;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Tests.Training;

public sealed class TrainingSessionTests : IAsyncLifetime
{
    private TinyWorld _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await TinyWorld.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public async Task A_set_that_fails_or_is_stopped_leaves_no_tensors(int failing, bool cancelled)
    {
        var spec = _world.Spec(AdaptationMethod.Advent, iterations: 4);
        spec.Labelled.Add(new LabelledSet { Dataset = _world.Source });
        var plan = await new TrainingPlanner(_world.Store).PlanAsync(spec, Token);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var sets = Enumerable.Range(0, 3).Select(i => new EndingSamples(
            new MemorySamples(3, labelled: i < 2, role: $"set-{i}"),
            i != failing ? () => { } : cancelled ? caller.Cancel : () => throw new IOException("The set is gone."))).ToList();
        var network = Architectures.Build(plan.Architecture, plan.Classes.Names.Count, TensorPlacement.Cpu);
        var session = new TrainingSession(plan, network, [sets[0], sets[1]], sets[2]);
        var before = Tensor.TotalCount;

        await Assert.ThrowsAnyAsync<Exception>(() => session.StepAsync(caller.Token));

        Assert.Equal(before, Tensor.TotalCount);
        session.Dispose();
    }

    private sealed class EndingSamples(ISampleSet samples, Action end) : ISampleSet
    {
        public string Role => samples.Role;

        public int Count => samples.Count;

        public int Width => samples.Width;

        public int Height => samples.Height;

        public ValueTask<Sample> LoadAsync(int index, CancellationToken cancellationToken)
        {
            end();
            return samples.LoadAsync(index, cancellationToken);
        }
    }
}
