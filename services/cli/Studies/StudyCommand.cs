using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using IntraDA.Cli.Adapt;
using IntraDA.Cli.Checkpoints;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Datasets;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Gateways;
using IntraDA.Cli.Workflows;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Ranker.V1;
using Spectre.Console;

namespace IntraDA.Cli.Studies;

/// <summary>What <c>sweep</c>, <c>ablation</c> and <c>compare</c> have in common: one workflow per seed and variant, and a table of them all.</summary>
internal abstract class StudyCommand : CliCommand
{
    private static readonly string[] Roles = ["source", "target", "validation"];

    private readonly StudyOptions _options;

    /// <summary>Defines the command.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">One sentence for the help.</param>
    protected StudyCommand(string name, string description)
        : base(name, description) =>
        _options = new StudyOptions(name);

    /// <summary>What the command line asks to measure.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The plan.</returns>
    protected abstract StudyPlan Plan(ParseResult parsed);

    /// <summary>Adds the common options and the work. To be called when the command's own options are added.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    protected void Complete(CliHost host, GlobalOptions options)
    {
        _options.AddTo(this);
        Run(host, options, StudyAsync);
    }

    private async Task<int> StudyAsync(ParseResult parsed, CommandSession session, CancellationToken cancellationToken)
    {
        var started = session.Clock.GetTimestamp();
        var plan = Plan(parsed);
        var seeds = _options.Seeds(parsed);
        var directory = _options.Out(parsed);
        var weightsFile = _options.InitialWeights(parsed);
        var pair = _options.Pair(parsed);
        var places = _options.Places(parsed);
        var synthetic = places is null;

        // All that can be wrong without a look at the data is said before the data are drawn or read, which may take long.
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        var weights = weightsFile is null
            ? null
            : await new CheckpointUploader(gateway.Client).UploadInitialAsync(weightsFile, _options.Network(parsed), cancellationToken);
        var unnamed = Roles.ToDictionary(role => role, _ => new Dataset());
        foreach (var variant in plan.Variants)
        {
            var draft = variant.ToSpec(_options.Settings(parsed, unnamed, weights), plan.Name, seeds[0], plan.Controls);
            await new WorkflowRun(session, gateway).CheckAsync(draft, cancellationToken);
        }

        places ??= await pair.DrawAsync(session, cancellationToken);
        var data = new StudyData(await RegisterAsync(session, gateway, places, cancellationToken), synthetic ? pair.Seed : null);
        var settings = _options.Settings(parsed, data.Sets, weights);
        plan = WithoutRareClasses(session, plan, settings, data);
        var runner = new CellRunner(
            session, gateway, await RequestIds.OfAsync(gateway, data, cancellationToken), Path.Combine(directory, "reports"));
        var files = new StudyFiles(directory);

        var cells = new List<CellResult>();
        var count = seeds.Count * plan.Variants.Count;
        foreach (var seed in seeds)
        {
            foreach (var variant in plan.Variants)
            {
                session.Output.Note(string.Create(
                    CultureInfo.InvariantCulture, $"Cell {cells.Count + 1} of {count}: {variant.Name}, seed {seed}"));
                var title = string.Create(CultureInfo.InvariantCulture, $"{plan.Name} {variant.Name} seed {seed}");
                var spec = variant.ToSpec(settings, title, seed, controls: plan.Controls && variant == plan.Reference);
                if (await runner.RunAsync(variant.Name, spec, cancellationToken) is not { } cell)
                {
                    session.Output.Warn($"the {plan.Name} stops here; the same command line goes on with what is left");
                    return ExitCodes.Failure;
                }

                cells.Add(cell);
                session.Output.Event("cell", StudyJson.Of(cell));
                // After every cell, so that what a study has found is there to look at while it runs, and if it never ends.
                await files.WriteAsync(new StudyResult(plan, seeds, cells), data, session.Clock.GetElapsedTime(started), cancellationToken);
            }
        }

        Print(session, new StudyResult(plan, seeds, cells), data, files, session.Clock.GetElapsedTime(started));
        return ExitCodes.Success;
    }

    // Said before anything is trained: such a cell would be refused in the middle of the study, with hours of it done.
    private static StudyPlan WithoutRareClasses(CommandSession session, StudyPlan plan, AdaptSettings settings, StudyData data)
    {
        var impossible = plan.Variants
            .Where(variant => variant.Choose(settings).Ranking == RankingMethod.RareClass && data.Sets["target"].Classes.RareTrainIds.Count == 0)
            .ToList();
        if (impossible.Count == plan.Variants.Count)
        {
            throw new CliException("nothing is left to measure: the classes of the target name no rare ones; list them as \"rare\" in its classes.json");
        }

        foreach (var variant in impossible)
        {
            session.Output.Warn(
                $"{variant.Name} is left out: the classes of the target name no rare ones; list them as \"rare\" in its classes.json to have that row");
        }

        return impossible.Count > 0 ? plan.Without(impossible) : plan;
    }

    private static void Print(CommandSession session, StudyResult result, StudyData data, StudyFiles files, TimeSpan elapsed)
    {
        if (result.Reuse.RepeatedStages.Count > 0)
        {
            session.Output.Warn(result.Reuse.Sentence);
        }

        var machine = StudyJson.Of(result, data, elapsed);
        machine["files"] = new JsonObject { ["json"] = files.Json, ["markdown"] = files.Markdown };
        session.Output.Result(machine, console =>
        {
            console.Write(StudyTable.Build(result));
            foreach (var note in StudyTable.Notes(result, data))
            {
                console.WriteLine(note);
            }

            console.WriteLine($"Results: {files.Json} and {files.Markdown}");
        });
    }

    private static async Task<IReadOnlyDictionary<string, Dataset>> RegisterAsync(
        CommandSession session, GatewayConnection gateway, IReadOnlyDictionary<string, DatasetPlace> places, CancellationToken cancellationToken)
    {
        var registrar = new DatasetRegistrar(session, gateway);
        var sets = new Dictionary<string, Dataset>();
        foreach (var (role, place) in places)
        {
            sets[role] = await registrar.RegisterAsync(place, role, cancellationToken);
        }

        return sets;
    }
}
