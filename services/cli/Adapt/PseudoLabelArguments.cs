using System.CommandLine;
using System.CommandLine.Parsing;
using IntraDA.Cli.Composition;
using IntraDA.Contracts.Ranker.V1;

namespace IntraDA.Cli.Adapt;

/// <summary>The options that say which pixels of easy images become labels.</summary>
internal sealed class PseudoLabelArguments
{
    private readonly Option<string?> _policy = OptionRules.Choice("--pseudo-labels", "Which pixels of easy images become labels", Choices.PseudoLabels);
    private readonly Option<double?> _threshold = new("--confidence-threshold") { Description = "For --pseudo-labels confidence, 0 to 1.", HelpName = "X" };
    private readonly Option<double?> _share = new("--class-share") { Description = "For --pseudo-labels class-balanced, 0 to 1.", HelpName = "X" };

    /// <summary>Defines the options.</summary>
    public PseudoLabelArguments()
    {
        _threshold.Between(0, 1);
        _share.Between(0, 1);
        Options = [_policy, _threshold, _share];
    }

    /// <summary>The options, for a command.</summary>
    public IReadOnlyList<Option> Options { get; }

    /// <summary>Refuses a number for a policy that does not look at it.</summary>
    /// <param name="result">Receives the errors.</param>
    public void RefuseNeedless(CommandResult result)
    {
        RefuseNeedless(result, _threshold, PseudoLabelPolicy.Confidence);
        RefuseNeedless(result, _share, PseudoLabelPolicy.ClassBalanced);
    }

    /// <summary>Puts what was chosen into a workflow's settings.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="settings">The settings.</param>
    /// <returns>New settings.</returns>
    public AdaptSettings Apply(ParseResult parsed, AdaptSettings settings) => settings with
    {
        PseudoLabels = parsed.GetValue(_policy) is { } policy ? Choices.PseudoLabels[policy] : PseudoLabelPolicy.Argmax,
        ConfidenceThreshold = parsed.GetValue(_threshold),
        ClassShare = parsed.GetValue(_share),
    };

    // A policy that is no choice has an error of its own.
    private void RefuseNeedless(CommandResult result, Option<double?> number, PseudoLabelPolicy policy)
    {
        var chosen = result.GetResult(_policy) is { Tokens: [var token] } ? token.Value : nameof(PseudoLabelPolicy.Argmax).ToLowerInvariant();
        if (result.GetResult(number) is not null && Choices.PseudoLabels.TryGetValue(chosen, out var value) && value != policy)
        {
            var name = Choices.PseudoLabels.Single(choice => choice.Value == policy).Key;
            result.AddError($"{number.Name} is about --pseudo-labels {name}: give both, or neither.");
        }
    }
}
