using System.CommandLine;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Bench;

/// <summary>One bench: its options are checked here and passed on to the process that measures.</summary>
internal sealed class OneBenchCommand : CliCommand
{
    private readonly string _example;

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="global">The options of every command.</param>
    /// <param name="name">Name of the bench.</param>
    /// <param name="description">What is compared with what.</param>
    /// <param name="example">Options that an example shows.</param>
    /// <param name="own">Options of this bench beside <c>--pairs</c>.</param>
    public OneBenchCommand(
        CliHost host, GlobalOptions global, string name, string description, string example, params IReadOnlyList<Option> own)
        : base(name, description)
    {
        _example = example;
        var pairs = Number("--pairs", "How often both ways run, in turn; 3 by default.", 1, 100);
        IReadOnlyList<Option> all = [pairs, .. own];
        foreach (var option in all)
        {
            Add(option);
        }

        Run(host, global, (parsed, _, cancellationToken) =>
        {
            List<string> words = [name];
            foreach (var option in all)
            {
                if (parsed.GetResult(option) is { Tokens: [var token] })
                {
                    words.AddRange([option.Name, token.Value]);
                }
            }

            if (parsed.GetValue(global.Json))
            {
                words.Add("--json");
            }

            return BenchProcess.RunAsync(host, words, cancellationToken);
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => [$"./intrada bench {Name} --json", $"./intrada bench {Name} {_example}"];

    /// <summary>An option that is a whole number.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help; says the default.</param>
    /// <param name="least">Least allowed.</param>
    /// <param name="most">Greatest allowed.</param>
    /// <returns>The option; null where it is not given.</returns>
    public static Option<int?> Number(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name)
        {
            Description = description,
            HelpName = "N",
        };
        option.Between(least, most);
        return option;
    }
}
