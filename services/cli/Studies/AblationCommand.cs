using System.CommandLine;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Studies;

/// <summary><c>ablation</c>: what each part of the method contributes, beside the paper's table.</summary>
internal sealed class AblationCommand : StudyCommand
{
    private readonly Option<double> _lambda = new("--lambda")
    {
        Description = "Share of target images called easy, 0.01 to 0.99.",
        DefaultValueFactory = _ => PaperTables.PublishedLambda,
        HelpName = "X",
    };

    private readonly Option<string?> _rows = NameList.Option("--rows", "Rows of step two to measure (default: all)", AblationPlan.RowNames);

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public AblationCommand(CliHost host, GlobalOptions options)
        : base("ablation", "Measures every part of the method over seeds, beside the paper's table and controls of equal iterations.")
    {
        _lambda.Between(0.01, 0.99);
        Add(_lambda);
        Add(_rows);
        Complete(host, options);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada ablation --seeds 3 --json",
        "./intrada ablation --quick --seeds 2 --out tried",
        "./intrada ablation --rows both,both-source-kept --data-seed 2 --augmentation true --iterations-inter 2000",
    ];

    /// <inheritdoc/>
    protected override StudyPlan Plan(ParseResult parsed) =>
        AblationPlan.Of(parsed.GetValue(_lambda), parsed.GetValue(_rows) is { } list ? NameList.Read(list) : null);
}
