using IntraDA.Contracts.Trainer.V1;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;
using IntraDA.Trainer.Tests;

namespace IntraDA.Durability.Tests.Kills;

/// <summary>A trainer that is killed again and again, at no particular moment.</summary>
public sealed class TrainerKillTests(Tally tally) : IAsyncLifetime
{
    private TinyWorld _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Kills { get; } = Matrix.Choose(2, 12);

    public async ValueTask InitializeAsync() => _world = await TinyWorld.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact(Timeout = 600_000)]
    public async Task A_training_killed_at_any_moment_ends_with_the_weights_of_one_that_ran_through()
    {
        var port = Places.FreePort();
        await using var trainer = new ServiceProcess(
            Service.Trainer, port, ["--Store:Kind", "Local", "--Store:Directory", _world.Folder.FullName, "--Trainer:Threads", "1"]);
        trainer.Start();
        await trainer.ReadyAsync();
        var spec = _world.Spec(AdaptationMethod.Advent, iterations: 7 * (Kills + 2));
        spec.Options.CheckpointEvery = 3;
        var whole = await EndOfAsync(trainer, "whole", spec);
        Assert.Equal(0, whole.ResumedFrom);

        long last = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            // Between two checkpoints, and amid the writing of one: the seventh, or so, iteration further on.
            last = await StartedAsync(trainer, "parts", spec, last + 7);
            await trainer.KillAsync();
            trainer.Start();
            await trainer.ReadyAsync();
        }

        var parts = await EndOfAsync(trainer, "parts", spec);
        Assert.True(parts.ResumedFrom > 0, "It was not resumed.");
        Assert.Equal(whole.Weights.Sha256, parts.Weights.Sha256);
        Assert.Equal(whole.Curves.Sha256, parts.Curves.Sha256);
        tally.Kills(Kills);
        Tally.Say($"a training of {spec.Options.Iterations} iterations killed {Kills} times: weights {parts.Weights.Sha256[..16]}... both times");
    }

    private static async Task<long> StartedAsync(ServiceProcess trainer, string request, TrainingSpec spec, long until)
    {
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(trainer.Address);
        var client = new TrainerService.TrainerServiceClient(channel);
        var training = (await client.StartTrainingAsync(new StartTrainingRequest { RequestId = request, Spec = spec }, cancellationToken: Token).ResponseAsync.Within()).Training;
        using var watch = client.WatchTraining(new WatchTrainingRequest { TrainingId = training.Id }, cancellationToken: Token);
        while (await watch.ResponseStream.MoveNext(Token).Within())
        {
            if (watch.ResponseStream.Current.Metrics is { } metrics && metrics.Iteration >= until)
            {
                return metrics.Iteration;
            }

            if (watch.ResponseStream.Current.Finished is not null)
            {
                break;
            }
        }

        return until;
    }

    private static async Task<TrainingResult> EndOfAsync(ServiceProcess trainer, string request, TrainingSpec spec)
    {
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(trainer.Address);
        var client = new TrainerService.TrainerServiceClient(channel);
        var training = (await client.StartTrainingAsync(new StartTrainingRequest { RequestId = request, Spec = spec }, cancellationToken: Token).ResponseAsync.Within()).Training;
        using var watch = client.WatchTraining(new WatchTrainingRequest { TrainingId = training.Id, AfterIteration = -1 }, cancellationToken: Token);
        while (await watch.ResponseStream.MoveNext(Token).Within())
        {
            if (watch.ResponseStream.Current.Finished is { } finished)
            {
                Assert.True(finished.State == TrainingState.Succeeded, $"{finished.State}: {finished.Error?.Message}");
                return finished.Result;
            }
        }

        throw new InvalidOperationException("The trainer ended the stream.");
    }
}
