using System.Text;
using System.Text.Json.Nodes;
using IntraDA.Cli.Tests.Fakes;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Tests.Studies;

/// <summary>Gives a fake gateway workflows whose figures follow from their spec, with stages shared as the stage cache shares them.</summary>
internal static class StudyWorld
{
    private static readonly StageKind[] Networks =
        [StageKind.Source, StageKind.Inter, StageKind.Score, StageKind.Rank, StageKind.PseudoLabel, StageKind.Intra];

    /// <summary>
    /// Source 30 + seed, inter 40 + seed, its controls 2 and 1 above source and inter; step two 3 * lambda above inter, less one without
    /// self-training and one more with the source kept.
    /// </summary>
    public static void Measure(FakeGateway gateway)
    {
        var finished = new HashSet<string>();
        gateway.OnCreate = request =>
        {
            var spec = request.Spec;
            var workflow = new Workflow { Id = $"wf-{request.RequestId[^8..]}", State = WorkflowState.Succeeded, Spec = spec };
            foreach (var kind in Networks)
            {
                var variant = kind >= StageKind.Rank ? $"{spec.Ranking} {spec.KeepSource} {spec.SkipSelfTraining}" : "";
                var reused = !finished.Add($"{kind} {spec.Seed} {variant}");
                workflow.Stages.Add(new Stage { Kind = kind, State = WorkflowState.Succeeded, Reused = reused });
            }

            workflow.ReportHtml = gateway.Put($"reports/{workflow.Id}.html", "<html></html>"u8.ToArray(), "text/html");
            workflow.ReportJson = gateway.Put($"reports/{workflow.Id}.json", Encoding.UTF8.GetBytes(Report(spec)), "application/json");
            return workflow;
        };
    }

    private static string Report(WorkflowSpec spec)
    {
        var gain = (3 * spec.Ranking.Lambda) - (spec.SkipSelfTraining ? 1 : 0) + (spec.KeepSource ? 1 : 0);
        return new JsonObject
        {
            ["miou"] = new JsonObject
            {
                ["source_only"] = 30.0 + spec.Seed,
                ["inter"] = 40.0 + spec.Seed,
                ["intra"] = spec.Ranking.Lambda == 0 ? null : 40 + spec.Seed + gain,
                ["controls"] = new JsonObject
                {
                    ["source_continued"] = spec.SkipControls ? null : 32.0 + spec.Seed,
                    ["source_renormalized"] = null,
                    ["inter_continued"] = spec.SkipControls ? null : 41.0 + spec.Seed,
                },
            },
            ["ranking"] = new JsonObject(),
        }.ToJsonString();
    }
}
