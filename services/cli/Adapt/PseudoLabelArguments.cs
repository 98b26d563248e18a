using System.CommandLine;
using System.CommandLine.Parsing;
using IntraDA.Cli.Composition;
using IntraDA.Contracts.Ranker.V1;

namespace IntraDA.Cli.Adapt;

/// <summary>The options that say which pixels of easy images become labels.</summary>
internal sealed class PseudoLabelArguments
{
    private const string DefaultPolicy = "argmax";

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
        RefuseNeedless(result, _threshold, "confidence");
        RefuseNeedless(result, _share, "class-balanced");
    }

    /// <summary>What was chosen.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The contract's form.</returns>
    public PseudoLabelOptions Read(ParseResult parsed)
    {
        var options = new PseudoLabelOptions { Policy = Choices.PseudoLabels[parsed.GetValue(_policy) ?? DefaultPolicy] };
        if (parsed.GetValue(_threshold) is { } threshold)
        {
            options.ConfidenceThreshold = threshold;
        }

        if (parsed.GetValue(_share) is { } share)
        {
            options.ClassShare = share;
        }

        return options;
    }

    // A policy that is no choice has an error of its own.
    private void RefuseNeedless(CommandResult result, Option<double?> number, string policy)
    {
        var chosen = result.GetResult(_policy) is { Tokens: [var token] } ? token.Value : DefaultPolicy;
        if (result.GetResult(number) is not null && chosen != policy && Choices.PseudoLabels.ContainsKey(chosen))
        {
            result.AddError($"{number.Name} is about --pseudo-labels {policy}: give both, or neither.");
        }
    }
}
