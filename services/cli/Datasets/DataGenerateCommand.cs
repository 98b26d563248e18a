using System.CommandLine;
using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Output;
using IntraDA.Cli.Synthetic;
using IntraDA.Data.Synthetic;
using Spectre.Console;

namespace IntraDA.Cli.Datasets;

/// <summary><c>data generate</c>.</summary>
internal sealed class DataGenerateCommand : CliCommand
{
    private static readonly Dictionary<string, StreetDomain> Domains = new()
    {
        ["game"] = StreetDomain.Game,
        ["camera"] = StreetDomain.Camera,
    };

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public DataGenerateCommand(CliHost host, GlobalOptions options)
        : base("generate", "Draws synthetic street scenes with label maps, as a folder of the layout \"plain\".")
    {
        var defaults = new StreetOptions();
        var directory = OutOption.Folder("Folder to write.");
        directory.Required = true;
        var domain = OptionRules.Choice("--domain", "Appearance (default: game)", Domains);
        var count = new Option<int>("--count") { Description = "Number of scenes.", DefaultValueFactory = _ => 100, HelpName = "N" };
        count.Between(1, 1_000_000);
        var first = new Option<int>("--first-index")
        {
            Description = "Index of the first scene; scenes of other indices of a seed are other scenes.",
            HelpName = "N",
        };
        first.Between(0, 1_000_000_000);
        var seed = new Option<ulong>("--seed") { Description = "Seed of the collection.", HelpName = "N" };
        seed.AtLeast(0UL);
        var width = new Option<int>("--width") { Description = "Pixels a row.", DefaultValueFactory = _ => defaults.Width, HelpName = "N" };
        width.Between(16, 4096);
        var height = new Option<int>("--height") { Description = "Rows.", DefaultValueFactory = _ => defaults.Height, HelpName = "N" };
        height.Between(16, 4096);
        var gap = new Option<double>("--gap")
        {
            Description = "How far the camera's appearance lies from the game's, 0 to 1.",
            DefaultValueFactory = _ => defaults.Gap,
            HelpName = "X",
        };
        gap.Between(0, 1);
        var hard = new Option<double>("--hard-share")
        {
            Description = "Share of camera scenes in fog, night, rain or noise, 0 to 1.",
            DefaultValueFactory = _ => defaults.HardShare,
            HelpName = "X",
        };
        hard.Between(0, 1);
        foreach (var option in new Option[] { directory, domain, count, first, seed, width, height, gap, hard })
        {
            Add(option);
        }

        Run(host, options, async (parsed, session, cancellationToken) =>
        {
            var plan = new SyntheticSet(
                parsed.GetRequiredValue(directory),
                Domains[parsed.GetValue(domain) ?? "game"],
                parsed.GetValue(first),
                parsed.GetValue(count));
            var streets = new StreetOptions
            {
                Width = parsed.GetValue(width),
                Height = parsed.GetValue(height),
                Seed = parsed.GetValue(seed),
                Gap = parsed.GetValue(gap),
                HardShare = parsed.GetValue(hard),
            };
            await using (var board = session.Output.OpenBoard())
            {
                var meter = new RateMeter(board, session.Clock, "scenes", "drawing", "image", plan.Count);
                await new SyntheticDatasetWriter(streets).WriteAsync(plan, () => meter.Add(1), cancellationToken);
                meter.Finish();
            }

            var full = Path.GetFullPath(plan.Directory);
            session.Output.Result(
                new JsonObject { ["directory"] = full, ["layout"] = "plain", ["images"] = plan.Count },
                console => console.WriteLine($"{plan.Count} scenes in {full}; register them with `intrada data push {full} --layout plain`"));
            return ExitCodes.Success;
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada data generate --out streets --domain game --count 300 --seed 1",
        "./intrada data generate --out target --domain camera --count 600 --gap 0.7 --hard-share 0.33",
    ];
}
