namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>What a loss term of a trainer means. Terms are named FAMILY_HEAD, e.g. "seg_main"; other names speak for themselves.</summary>
/// <param name="Family">Terms of one family share a chart.</param>
/// <param name="Title">The family's name for people.</param>
/// <param name="Meaning">The family in one sentence.</param>
public sealed record LossTerm(string Family, string Title, string Meaning)
{
    private static readonly LossTerm[] Known =
    [
        new("seg", "Cross-entropy", "Disagreement with the labels the stage learns from; falls as they are learnt."),
        new("adv", "Adversarial term", "How easily the discriminator tells the unlabelled side; falls as both sides look alike to it."),
        new("d", "Discriminator", "The discriminator's own loss; 0.69 is guessing, near 0 it tells the sides apart with ease."),
        new("ent", "Entropy", "Mean entropy of the predictions on the unlabelled images; falls as they grow confident."),
    ];

    /// <summary>Term that is a setting rather than a loss.</summary>
    public const string LearningRate = "learning_rate";

    /// <summary>Looks a term up.</summary>
    /// <param name="term">Its name.</param>
    /// <returns>What it means.</returns>
    public static LossTerm Describe(string term)
    {
        var family = term.Split('_')[0];
        return Known.FirstOrDefault(k => k.Family == family) ?? new LossTerm(term, term, "As the trainer reports it.");
    }

    /// <summary>A term's name inside its family's chart.</summary>
    /// <param name="term">Its name.</param>
    /// <returns>"main classifier", "auxiliary classifier", or the name itself.</returns>
    public static string HeadLabel(string term)
    {
        var separator = term.IndexOf('_', StringComparison.Ordinal);
        return (separator < 0 ? term : term[(separator + 1)..]) switch
        {
            "main" => "main classifier",
            "aux" => "auxiliary classifier",
            _ => term,
        };
    }
}
