using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>Says in plain sentences what the figures say, whatever their sign.</summary>
public static class Verdict
{
    // Below this many points a difference between two single runs says nothing.
    private const double Clear = 1;

    /// <summary>Writes the verdict: on step one, on step two, on the ranking.</summary>
    /// <param name="evaluation">The networks' figures.</param>
    /// <param name="ranking">The ranking's figures.</param>
    /// <returns>One to three sentences.</returns>
    public static IReadOnlyList<string> Write(EvaluationResults evaluation, RankingResults ranking)
    {
        if (!evaluation.Any)
        {
            return
            [
                "Nothing was evaluated, so this report cannot say whether the adaptation helped.",
                .. OnRanking(ranking),
            ];
        }

        return [.. OnInter(evaluation), .. OnIntra(evaluation), .. OnRanking(ranking)];
    }

    private static IEnumerable<string> OnInter(EvaluationResults results)
    {
        var controlled = results[Network.SourceContinued].Miou is not null;
        var baseline = controlled ? Network.SourceContinued : Network.SourceOnly;
        if (results.Gain(Network.Inter, baseline) is not { } gain)
        {
            yield break;
        }

        var against = controlled ? "the source-only network trained for as long" : "the source-only network, which trained less";
        var figures = $"{Format.Points(results[Network.Inter].Miou)}% mIoU against {Format.Points(results[baseline].Miou)}%";
        yield return gain switch
        {
            >= Clear => $"Adapting to the target gained {Points(gain)} over {against}: {figures}.",
            <= -Clear => $"Adapting to the target lost {Points(-gain)} against {against}: {figures}.",
            _ => $"Adapting to the target made no clear difference to {against}: {figures}.",
        };
        if (results.Gain(Network.Inter, Network.SourceRenormalized) is { } overRenormalized and < Clear)
        {
            yield return "Re-estimating the source network's normalisation statistics on the target already reaches "
                + $"{Format.Points(results[Network.SourceRenormalized].Miou)}% ({Format.Gain(-overRenormalized)} against inter), "
                + "so the training on the target adds nothing clear beyond that.";
        }
    }

    private static IEnumerable<string> OnIntra(EvaluationResults results)
    {
        if (results.Gain(Network.Intra, Network.Inter) is not { } overInter)
        {
            yield break;
        }

        if (results.Gain(Network.Intra, Network.InterContinued) is not { } gain)
        {
            yield return $"The intra step changed inter by {Format.Gain(overInter)} points of mIoU, to "
                + $"{Format.Points(results[Network.Intra].Miou)}%; without inter trained on for as long, training time alone may be why.";
            yield break;
        }

        var figures = $"{Format.Points(results[Network.Intra].Miou)}% against {Format.Points(results[Network.InterContinued].Miou)}%";
        yield return gain switch
        {
            >= Clear => $"The intra step gained {Points(gain)} over inter trained on for as long: {figures}.",
            <= -Clear when overInter > 0 =>
                $"The intra step did not pay: it is {Points(overInter)} above inter, but inter trained on for as long is "
                + $"{Points(-gain)} better still ({figures}).",
            <= -Clear => $"The intra step lost {Points(-gain)} against inter trained on for as long: {figures}.",
            _ => $"The intra step made no clear difference to inter trained on for as long: {figures}.",
        };
    }

    private static IEnumerable<string> OnRanking(RankingResults ranking)
    {
        if (ranking.AucDifficulty is { } auc)
        {
            var figure = $"AUC {Format.Statistic(auc)} for the hidden difficulty";
            yield return auc switch
            {
                < 0.45 => $"The ranking calls hard images easy: {figure}, where 0.50 is chance.",
                <= 0.55 => $"The ranking is no better than chance: {figure}.",
                < 0.7 => $"The ranking finds hard images, but weakly: {figure}, where 0.50 is chance.",
                _ => $"The ranking tells hard images from easy ones: {figure}, where 0.50 is chance.",
            };
        }
        else if (ranking.SpearmanError is { } rho)
        {
            var figure = $"rank correlation of score and error {Format.Statistic(rho)} on the validation set";
            yield return rho switch
            {
                < -0.1 => $"The ranking is upside down: {figure}, so images with more errors score as easier.",
                < 0.2 => $"The ranking says next to nothing about errors: {figure}.",
                < 0.5 => $"The ranking says a little about errors: {figure}.",
                _ => $"The ranking follows the errors: {figure}.",
            };
        }
    }

    private static string Points(double gain)
    {
        var text = Format.Points(gain);
        return text == "1.0" ? "1.0 point" : text + " points";
    }
}
