using IntraDA.Contracts.Gateway.V1;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;

namespace IntraDA.Durability.Tests.Kills;

/// <summary>Who is killed amid which stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Victims">The processes, all at once.</param>
internal sealed record KillCell(StageKind Stage, IReadOnlyList<Service> Victims)
{
    /// <summary>The stages that do something in the tiny workflow; its network has no running statistics to re-estimate.</summary>
    public static IReadOnlyList<StageKind> Stages { get; } =
    [
        StageKind.Source, StageKind.Inter, StageKind.Score, StageKind.Rank, StageKind.PseudoLabel, StageKind.Intra,
        StageKind.SourceContinued, StageKind.InterContinued, StageKind.Evaluate, StageKind.Report,
    ];

    /// <summary>A cell of the matrix.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="who">"gateway", "service" or "both".</param>
    public static KillCell Of(StageKind stage, string who) => new(stage, who switch
    {
        "gateway" => [Service.Gateway],
        "service" => [WorkerOf(stage)],
        "both" => [Service.Gateway, WorkerOf(stage)],
        _ => throw new ArgumentOutOfRangeException(nameof(who), who, "gateway, service or both"),
    });

    /// <summary>Waits until the stage is under way, kills, and starts again what was killed.</summary>
    public async Task StrikeAsync(SeparateServices services, StoreFolder store)
    {
        await StageWatch.UntilUnderWayAsync(Stage, services, store);
        await services.KillAsync(Victims);
        await services.StartAsync(Victims);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Stage}: {string.Join(" and ", Victims)}";

    // The report is the gateway's own, with pictures from the segmenter.
    private static Service WorkerOf(StageKind stage) => stage switch
    {
        StageKind.Score or StageKind.Evaluate or StageKind.Report => Service.Segmenter,
        StageKind.Rank or StageKind.PseudoLabel => Service.Ranker,
        _ => Service.Trainer,
    };
}
