using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Reporting.Analysis;

namespace IntraDA.Gateway.Reporting.Tests.Analysis;

public sealed class EvaluationResultsTests
{
    [Fact]
    public void Shares_become_percent_and_what_was_not_measured_stays_empty()
    {
        var report = new EvaluationReport { Miou = 0.5, Miou13 = 0.625, PixelAccuracy = 0.75, Images = 3 };
        report.Iou.AddRange([0.25, -1]);
        var results = EvaluationResults.Collect(new Dictionary<StageKind, EvaluationReport> { [StageKind.Inter] = report }, ["road", "car"]);

        Assert.Equal((50.0, 62.5, 75.0), (results[Network.Inter].Miou, results[Network.Inter].Miou13, results[Network.Inter].PixelAccuracy));
        Assert.Equal([25.0, null], results[Network.Inter].ClassIou);
        Assert.Null(results[Network.Intra].Miou);
        Assert.Null(results[Network.Intra].Miou13);

        var other = report.Clone();
        other.ClearMiou13();
        Assert.Null(EvaluationResults.Collect(new Dictionary<StageKind, EvaluationReport> { [StageKind.Inter] = other }, [])[Network.Inter].Miou13);
    }
}
