using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Data.Manifests;
using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>Writes the notes: what was compared with what, what was left out and why, and what weakens a figure.</summary>
public static class Notes
{
    /// <summary>Writes the notes.</summary>
    /// <param name="request">What the workflow made.</param>
    /// <param name="evaluation">The networks' figures.</param>
    /// <param name="ranking">The ranking's figures.</param>
    /// <returns>Cautions first.</returns>
    public static IReadOnlyList<Note> Write(ReportRequest request, EvaluationResults evaluation, RankingResults ranking)
    {
        Note[] notes =
        [
            .. OnChoice(request, evaluation),
            .. OnControls(request, evaluation),
            .. OnClasses(evaluation),
            .. OnRanking(ranking),
            .. OnPseudoLabels(request.PseudoLabels),
            .. OnOverlap(request),
            .. OnStages(request.Workflow),
        ];
        return [.. notes.OrderByDescending(n => n.IsCaution)];
    }

    private static IEnumerable<Note> OnChoice(ReportRequest request, EvaluationResults evaluation)
    {
        var spec = request.Workflow.Spec;
        if (request.Validation is null)
        {
            yield return Caution("There is no validation set, so there is no mIoU, no gallery and no check of scores against errors.");
        }
        else if (!evaluation.Any)
        {
            yield return Caution("No network was evaluated on the validation set.");
        }

        if (evaluation.Any)
        {
            yield return Caution(
                $"One run with seed {spec?.Seed ?? 0}: another seed moves mIoU by a point or more at small scale. Repeat with other "
                + "seeds before you rely on a small difference.");
        }

        if (spec?.BestOnValidation == true)
        {
            yield return Caution(
                "Snapshots were chosen by mIoU on the validation set, and the figures are from the same set: its labels leaked into "
                + "the choice, so the figures are too high.");
        }
        else if (evaluation.Any)
        {
            yield return Info("Every network is its training's last snapshot: no label of the target or validation set chose it.");
        }
    }

    private static IEnumerable<Note> OnControls(ReportRequest request, EvaluationResults evaluation)
    {
        if (evaluation[Network.Inter].Miou is not null)
        {
            yield return evaluation[Network.SourceContinued].Miou is not null
                ? Info("Inter is compared with source-only trained for as many iterations, so a difference is not training time.")
                : Caution(
                    "There is no source-only network trained as long as inter"
                    + Because(request.Workflow, StageKind.SourceContinued)
                    + ": what inter gains may be training time alone.");
        }

        if (evaluation[Network.Intra].Miou is not null)
        {
            yield return evaluation[Network.InterContinued].Miou is not null
                ? Info("Intra is compared with inter trained on for as many iterations, so a difference is not training time.")
                : Caution(
                    "There is no inter network trained on as long as intra"
                    + Because(request.Workflow, StageKind.InterContinued)
                    + ": what intra gains may be training time alone.");
        }
    }

    private static IEnumerable<Note> OnClasses(EvaluationResults evaluation)
    {
        var last = evaluation[Network.Intra].Miou is not null ? evaluation[Network.Intra] : evaluation[Network.Inter];
        string[] absent = [.. Named(evaluation, last, iou => iou is null)];
        if (absent.Length > 0)
        {
            yield return Info($"Not counted, for they occur neither in the truth nor in the prediction: {string.Join(", ", absent)}.");
        }

        string[] missed = [.. Named(evaluation, last, iou => iou < 0.05)];
        if (missed.Length > 0)
        {
            yield return Caution($"{last.Network.ShortLabel} never gets these classes right: {string.Join(", ", missed)}.");
        }
    }

    private static IEnumerable<string> Named(EvaluationResults evaluation, NetworkResult result, Func<double?, bool> chosen) =>
        evaluation.ClassNames.Zip(result.ClassIou).Where(pair => chosen(pair.Second)).Select(pair => pair.First);

    private static IEnumerable<Note> OnRanking(RankingResults ranking)
    {
        if (ranking.AucDifficulty is < 0.5)
        {
            yield return Caution(
                $"The ranking calls hard images easy (AUC {Format.Statistic(ranking.AucDifficulty)}, below 0.50): more than their "
                + "share of the hard ones is called easy and feeds the pseudo-labels.");
        }

        string[] reversed =
        [
            .. ranking.Conditions.Where(c => c.Auc is < 0.5).Select(c => $"{c.Condition} (AUC {Format.Statistic(c.Auc)})"),
        ];
        if (reversed.Length > 0)
        {
            yield return Caution(
                $"Called easier than the easy images: {string.Join(", ", reversed)}. A network can be confidently wrong on such images.");
        }

        if (ranking.RiskCoverage is { } curve && curve.Points.Count > 1 && curve.Area > curve.FullRisk)
        {
            yield return Caution(
                "Keeping only the images with the lowest scores leaves more errors than keeping images at random: the scores do not "
                + "order this validation set by error.");
        }

        if (ranking.Target.Count > 0 && ranking.AucDifficulty is null)
        {
            yield return Info("The target's true difficulty is not known, so there is no AUC for it.");
        }
        else if (ranking.AucDifficulty is not null)
        {
            yield return Info(
                "The target's difficulty and conditions were hidden from every stage; this report alone reads them, to judge the ranking.");
        }

        if (ranking is { Easy: 0 } or { Hard: 0 })
        {
            yield return Caution(
                ranking.Easy == 0
                    ? "No image is in the easy split, so there was nothing to make pseudo-labels from."
                    : "No image is in the hard split, so the intra step had no second side for an adversary.");
        }
    }

    private static IEnumerable<Note> OnPseudoLabels(PseudoLabelReport? report)
    {
        if (report is { EasyDataset: not null })
        {
            yield return Info($"Pseudo-labels cover {Format.Percent(report.LabelledShare)} of the easy images' pixels.");
        }
    }

    private static IEnumerable<Note> OnOverlap(ReportRequest request)
    {
        if (request.Validation is null)
        {
            yield break;
        }

        var inSource = Shared(request.Source, request.Validation);
        if (inSource > 0)
        {
            yield return Caution(
                $"{Images(inSource)} of the validation set also in the source: the networks were trained on their labels.");
        }

        var inTarget = Shared(request.Target, request.Validation);
        if (inTarget > 0)
        {
            yield return Caution(
                $"{Images(inTarget)} of the validation set also in the target: the networks saw them, without labels, in training.");
        }
    }

    private static int Shared(DatasetManifest training, DatasetManifest validation)
    {
        var digests = training.Items.Select(i => i.Image.Sha256).ToHashSet(StringComparer.Ordinal);
        return validation.Items.Count(i => digests.Contains(i.Image.Sha256));
    }

    private static string Images(int count) => count == 1 ? "1 image" : $"{Format.Count(count)} images";

    private static IEnumerable<Note> OnStages(Workflow workflow)
    {
        foreach (var stage in workflow.Stages)
        {
            var reason = stage.Reason is { Length: > 0 } ? $": {stage.Reason.TrimEnd('.')}." : ".";
            switch (stage.State)
            {
                case WorkflowState.Skipped:
                    yield return Info($"{StageNames.Label(stage.Kind)} was left out{reason}");
                    break;
                case WorkflowState.Failed:
                    yield return Caution($"{StageNames.Label(stage.Kind)} failed{reason}");
                    break;
                default:
                    break;
            }
        }

        var reused = workflow.Stages.Count(s => s.Reused);
        if (reused > 0)
        {
            yield return Info(
                $"{reused} of {workflow.Stages.Count} stages were reused from an earlier run with the same inputs, options and code.");
        }
    }

    private static string Because(Workflow workflow, StageKind kind)
    {
        if (workflow.Spec?.SkipControls == true)
        {
            return " (controls were switched off)";
        }

        var reason = workflow.Stages.FirstOrDefault(s => s.Kind == kind)?.Reason;
        return reason is { Length: > 0 } ? $" ({reason.TrimEnd('.')})" : "";
    }

    private static Note Info(string text) => new(text, IsCaution: false);

    private static Note Caution(string text) => new(text, IsCaution: true);
}
