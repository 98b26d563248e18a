using Grpc.Core;
using Grpc.Net.Client;
using IntraDA.Compose.Tests.Processes;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Compose.Tests.Swap;

/// <summary>The trainers' contract, asked of a process.</summary>
internal static class TrainerCalls
{
    private static readonly TimeSpan TrainingLimit = TimeSpan.FromSeconds(120);

    private static CallOptions Options => new(
        deadline: TimeProvider.System.GetUtcNow().UtcDateTime + TrainingLimit, cancellationToken: TestContext.Current.CancellationToken);

    public static async Task<Training> StartTrainingAsync(this ServiceProcess trainer, StartTrainingRequest request) =>
        await AskAsync(trainer, async client => (await client.StartTrainingAsync(request, Options)).Training);

    public static async Task<Training> GetTrainingAsync(this ServiceProcess trainer, string id) =>
        await AskAsync(trainer, async client => (await client.GetTrainingAsync(new GetTrainingRequest { TrainingId = id }, Options)).Training);

    public static async Task CancelTrainingAsync(this ServiceProcess trainer, string id) =>
        await AskAsync(trainer, async client => await client.CancelTrainingAsync(new CancelTrainingRequest { TrainingId = id }, Options));

    /// <summary>Follows a job to its end, or to an iteration, where it still runs.</summary>
    public static async Task<Training> WatchTrainingAsync(this ServiceProcess trainer, string id, long until = long.MaxValue) =>
        await AskAsync(trainer, async client =>
        {
            using var call = client.WatchTraining(new WatchTrainingRequest { TrainingId = id }, Options);
            await foreach (var one in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                if (one.Finished is { } finished)
                {
                    Assert.True(until == long.MaxValue, $"{id} ended as {finished.State} before iteration {until}: {finished.Error?.Message}");
                    return finished;
                }

                if (one.Metrics?.Iteration >= until)
                {
                    return (await client.GetTrainingAsync(new GetTrainingRequest { TrainingId = id }, Options)).Training;
                }
            }

            throw new InvalidOperationException($"The stream of {id} ended before the job.");
        });

    private static async Task<T> AskAsync<T>(ServiceProcess trainer, Func<TrainerService.TrainerServiceClient, Task<T>> ask)
    {
        using var channel = GrpcChannel.ForAddress(trainer.Address);
        return await ask(new TrainerService.TrainerServiceClient(channel));
    }
}
