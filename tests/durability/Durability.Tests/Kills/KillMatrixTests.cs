using IntraDA.Contracts.Gateway.V1;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;

namespace IntraDA.Durability.Tests.Kills;

/// <summary>SIGKILL to the gateway, to the service at work, and to both, amid every stage; nobody resumes anything.</summary>
public sealed class KillMatrixTests(Streets streets, Undisturbed undisturbed, Tally tally)
{
    /// <summary>Kills of one run each: cell by cell in the whole matrix, a handful in a row otherwise.</summary>
    public static TheoryData<string> Runs() => Matrix.IsOn
        ? [.. KillCell.Stages.SelectMany(stage => new[] { "gateway", "service", "both" }.Select(who => $"{stage} {who}"))]
        : ["Source both, Inter service, Score both, Rank gateway, PseudoLabel service, Intra gateway, Evaluate service, Report both"];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Runs))]
    public async Task A_run_amid_which_processes_are_killed_ends_with_the_artefacts_of_an_undisturbed_one(string kills)
    {
        var (_, expected) = await undisturbed.GetAsync(streets);
        List<KillCell> cells = [.. kills.Split(", ").Select(cell => cell.Split(' ')).Select(cell => KillCell.Of(Enum.Parse<StageKind>(cell[0]), cell[1]))];
        using var store = new StoreFolder();
        await using var services = await SeparateServices.StartAsync(store.Options);
        await services.Gateway.RegisterStreetsAsync(streets.Directory);
        var id = (await services.Gateway.CreateAsync(Streets.Spec())).Id;

        foreach (var cell in cells)
        {
            await cell.StrikeAsync(services, store);
        }

        var workflow = await StageWatch.EndOfAsync(services, id);
        Assert.True(workflow.State == WorkflowState.Succeeded, $"{workflow.State}: {workflow.Error?.Message}\n{services.Messages}");
        StoreFolder.AssertSame(expected, store.Artifacts());
        // What a killed process was writing at the time went with it.
        Assert.Empty(services.TemporaryFiles());
        tally.Kills(cells.Sum(cell => cell.Victims.Count));
    }
}
