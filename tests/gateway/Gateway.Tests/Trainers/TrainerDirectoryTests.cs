using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Tests.Ensemble;
using IntraDA.Gateway.Trainers;

namespace IntraDA.Gateway.Tests.Trainers;

public sealed class TrainerDirectoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_trainer_that_answers_but_is_not_serving_gets_no_work_until_it_is()
    {
        await using var ensemble = await TestEnsemble.StartAsync("--Workflows:TrainerPollSeconds", "0.2");
        await ensemble.Client.ListTrainersAsync(new ListTrainersRequest(), cancellationToken: Token).ResponseAsync.Within();
        ensemble.Trainer.IsHealthy = false;
        var trainers = await ensemble.Client.ListTrainersAsync(new ListTrainersRequest(), cancellationToken: Token).ResponseAsync.Within();
        Assert.False(Assert.Single(trainers.Trainers).Serving);

        var created = await ensemble.CreateAsync(TestEnsemble.Spec());
        await Task.Delay(TimeSpan.FromSeconds(1.5), Token);
        Assert.Empty(ensemble.Trainer.Trained);
        Assert.Equal(WorkflowState.Running, (await ensemble.GetAsync(created.Id)).State);

        ensemble.Trainer.IsHealthy = true;
        var end = await ensemble.FinishAsync(created.Id);
        Assert.True(end.State == WorkflowState.Succeeded, end.ToString());
        Assert.NotEmpty(ensemble.Trainer.Trained);
    }

    [Theory]
    [InlineData("1.2.0", "1.9.3", true)]
    [InlineData("1.2.0", "2.0.0", false)]
    [InlineData("0.1.0", "0.1.7", true)]
    [InlineData("0.1.0", "0.2.0", false)]
    public void A_trainer_goes_on_with_what_one_of_its_series_began(string begun, string candidate, bool expected) =>
        Assert.Equal(expected, TrainerCompatibility.CanContinue(Service(begun), Service(candidate)));

    private static ServiceInfo Service(string version) => new() { Name = "mine", Version = version, Build = version };
}
