using System.CommandLine;
using IntraDA.Cli.Adapt;
using IntraDA.Cli.Composition;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Cli.Studies;

/// <summary><c>compare</c>: several trainers, or versions of one, on the same data in one table.</summary>
internal sealed class CompareCommand : StudyCommand
{
    private readonly Option<string> _trainers = new("--trainers")
    {
        Description = "Trainers with commas between them, e.g. intrada-trainer@1.x,intrada-trainer@2.x.",
        Required = true,
        HelpName = "A,B,...",
    };

    private readonly Option<string?> _method = OptionRules.Choice("--method", "What steps one and two minimise (default: advent)", Choices.Methods);

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public CompareCommand(CliHost host, GlobalOptions options)
        : base("compare", "Measures several trainers, or versions of one, side by side: the same data, seeds and settings in one table.")
    {
        _trainers.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Split(token.Value) is var names && (names.Any(name => name.Length == 0) || names.Distinct().Count() < names.Count))
            {
                result.AddError("--trainers takes different trainers with commas between them, each NAME or NAME@RANGE.");
            }
        });
        Add(_trainers);
        Add(_method);
        Complete(host, options);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada compare --trainers intrada-trainer@1.x,intrada-trainer@2.x --seeds 3",
        "./intrada compare --trainers intrada-trainer,minent-trainer --method minent --initial-weights source.safetensors --iterations-source 0",
    ];

    /// <inheritdoc/>
    protected override StudyPlan Plan(ParseResult parsed) => ComparePlan.Of(
        Split(parsed.GetRequiredValue(_trainers)),
        parsed.GetValue(_method) is { } name ? Choices.Methods[name] : AdaptationMethod.Advent);

    private static List<string> Split(string list) => [.. list.Split(',').Select(name => name.Trim())];
}
