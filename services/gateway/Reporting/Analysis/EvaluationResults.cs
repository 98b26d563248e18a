using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>The networks' figures side by side, in percent.</summary>
public sealed class EvaluationResults
{
    private readonly Dictionary<StageKind, NetworkResult> _byStage;

    private EvaluationResults(Dictionary<StageKind, NetworkResult> byStage, IReadOnlyList<string> classNames, long images)
    {
        _byStage = byStage;
        ClassNames = classNames;
        Images = images;
    }

    /// <summary>Names of the classes, by train id.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Images evaluated.</summary>
    public long Images { get; }

    /// <summary>Whether any network was evaluated.</summary>
    public bool Any => _byStage.Values.Any(r => r.Miou is not null);

    /// <summary>The networks that were evaluated, the method's own first.</summary>
    public IEnumerable<NetworkResult> Evaluated => Network.All.Select(n => this[n]).Where(r => r.Miou is not null);

    /// <summary>A network's result.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The result; without figures where it was not evaluated.</returns>
    public NetworkResult this[Network network] => _byStage[network.Stage];

    /// <summary>How many points of mIoU a network has over another.</summary>
    /// <param name="network">The one.</param>
    /// <param name="over">The other.</param>
    /// <returns>Percentage points, or null where either was not evaluated.</returns>
    public double? Gain(Network network, Network over) => this[network].Miou - this[over].Miou;

    /// <summary>Collects evaluations.</summary>
    /// <param name="evaluations">By stage.</param>
    /// <param name="classNames">Names to use where the evaluations carry none.</param>
    /// <returns>The results.</returns>
    public static EvaluationResults Collect(
        IReadOnlyDictionary<StageKind, EvaluationReport> evaluations, IReadOnlyList<string> classNames)
    {
        var names = evaluations.Values.Select(e => e.Classes?.Names).FirstOrDefault(n => n is { Count: > 0 }) ?? classNames;
        var byStage = Network.All.ToDictionary(
            n => n.Stage,
            n => evaluations.TryGetValue(n.Stage, out var report)
                ? new NetworkResult(n, Percent(report.Miou), report.HasMiou13 ? Percent(report.Miou13) : null, Percent(report.PixelAccuracy), [.. report.Iou.Select(Percent)])
                : new NetworkResult(n, null, null, null, []));
        return new EvaluationResults(byStage, [.. names], evaluations.Values.Select(e => e.Images).DefaultIfEmpty().Max());
    }

    // An absent class is -1 in the contract, and a mean over no class is NaN.
    private static double? Percent(double share) => double.IsFinite(share) && share >= 0 ? share * 100 : null;
}
