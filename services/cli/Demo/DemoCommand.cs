using System.CommandLine;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Datasets;
using IntraDA.Cli.Output;
using IntraDA.Cli.Synthetic;
using IntraDA.Cli.Workflows;
using IntraDA.Data.Synthetic;

namespace IntraDA.Cli.Demo;

/// <summary><c>demo</c>: the whole workflow on synthetic streets, without any data of the user's.</summary>
internal sealed class DemoCommand : CliCommand
{
    private readonly OutOption _out = OutOption.Folder("Folder for the scenes and the report.");

    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of scenes and training.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<bool> _quick = new("--quick") { Description = "A minute's run that shows the machinery; its figures mean nothing." };

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public DemoCommand(CliHost host, GlobalOptions options)
        : base("demo", "Draws synthetic streets, adapts a small network to them in two steps, and reports what it gained.")
    {
        _out.DefaultValueFactory = _ => "intrada-demo";
        _seed.AtLeast(0UL);
        Add(_out);
        Add(_seed);
        Add(_quick);
        Run(host, options, DemoAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["./intrada demo --out my-demo", "./intrada demo --quick --json"];

    private async Task<int> DemoAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        var started = session.Clock.GetTimestamp();
        var plan = parsed.GetValue(_quick) ? DemoPlan.Quick : DemoPlan.Full;
        var directory = Path.GetFullPath(parsed.GetRequiredValue(_out));
        var seed = parsed.GetValue(_seed);
        session.Output.Note($"Demonstration in {directory}");

        var sets = plan.Sets(Path.Combine(directory, "data"));
        await DrawAsync(session, new SyntheticDatasetWriter(new StreetOptions { Seed = seed }), sets.Values, cancellationToken);

        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        var registrar = new DatasetRegistrar(session, gateway);
        var names = new Dictionary<string, string>();
        foreach (var (role, set) in sets)
        {
            var place = new DatasetPlace(set.Directory, "plain", List: null, Split: "", Protocol: "", IgnoreLabels: role == "target");
            names[role] = (await registrar.RegisterAsync(place.Resolve("the " + role), role, cancellationToken)).Name;
        }

        var run = new WorkflowRun(session, gateway);
        var workflow = await run.CreateAsync(plan.Settings(names, seed).ToSpec(), cancellationToken);
        session.Output.Note($"Workflow {workflow.Id} at {gateway.Address}");
        return await run.FinishAsync(workflow.Id, 0, directory, started, cancellationToken);
    }

    private static async Task DrawAsync(
        CommandSession session, SyntheticDatasetWriter writer, IEnumerable<SyntheticSet> sets, CancellationToken cancellationToken)
    {
        await using var board = session.Output.OpenBoard();
        var all = sets.ToList();
        var meter = new RateMeter(board, session.Clock, "scenes", "drawing", "image", all.Sum(set => set.Count));
        foreach (var set in all)
        {
            await writer.WriteAsync(set, () => meter.Add(1), cancellationToken);
        }

        meter.Finish();
    }
}
