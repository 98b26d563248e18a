using System.CommandLine;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Studies;

/// <summary><c>sweep</c>: the paper's table of lambda beside a measured one.</summary>
internal sealed class SweepCommand : StudyCommand
{
    private readonly Option<string?> _lambdas = NumberList.Option(
        "--lambda", "Shares of target images called easy, 0 to 1 (default: the paper's 0,0.5,0.6,0.67,0.7,1).", 0.0, 1.0);

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public SweepCommand(CliHost host, GlobalOptions options)
        : base("sweep", "Measures step two for several shares of easy images over seeds, beside the paper's table and a control of equal iterations.")
    {
        Add(_lambdas);
        Complete(host, options);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada sweep --lambda 0,0.5,0.6,0.67,0.7,1.0 --seeds 3 --out my-sweep",
        "./intrada sweep --lambda 0.5,0.67 --seed-list 4,5 --data-seed 2 --json",
        "./intrada sweep --source ~/gta5 --source-layout gta5 --target ~/cityscapes --layout cityscapes --seeds 1",
    ];

    /// <inheritdoc/>
    protected override StudyPlan Plan(ParseResult parsed) =>
        SweepPlan.Of(parsed.GetValue(_lambdas) is { } list ? NumberList.Read<double>(list) : [.. PaperTables.ByLambda.Keys]);
}
