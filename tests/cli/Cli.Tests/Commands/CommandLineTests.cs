using System.CommandLine;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Tests.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public async Task The_help_of_the_root_lists_the_commands_and_the_exit_codes()
    {
        var run = await CliRun.Of("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.All(
            ["demo", "adapt", "predict", "score", "rank", "evaluate", "report", "workflows", "data", "serve", "Exit codes:"],
            word => Assert.Contains(word, run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_command_and_every_group_has_help_with_an_example_that_runs_as_it_is_copied()
    {
        var root = Root();
        foreach (var (command, path) in All(root, []).Skip(1))
        {
            var help = await CliRun.Of([.. path, "--help"]);
            Assert.Equal(0, help.ExitCode);
            Assert.Contains("Example", help.Out, StringComparison.Ordinal);

            var examples = string.Join('\n', Assert.IsAssignableFrom<IExampled>(command).Examples).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');
            Assert.All(examples, example =>
            {
                Assert.Contains(example.Split("  ")[0].Trim(), help.Out, StringComparison.Ordinal);
                Assert.StartsWith("./intrada " + string.Join(' ', path), example, StringComparison.Ordinal);
                Assert.Empty(root.Parse(example["./intrada ".Length..]).Errors);
            });
        }
    }

    [Fact]
    public void Every_number_that_is_none_or_has_a_comma_is_refused_with_option_value_and_range()
    {
        var numbers = 0;
        foreach (var (command, path) in All(Root(), []))
        {
            foreach (var option in command.Options.Where(IsNumber))
            {
                numbers++;
                foreach (var value in new[] { "abc", "0,1", "1e", "NaN", "" })
                {
                    var parsed = Root().Parse([.. path, .. Company(path, option), option.Name, value]);
                    var message = Assert.Single(parsed.Errors, error => error.Message.StartsWith(option.Name + " ", StringComparison.Ordinal)).Message;
                    Assert.DoesNotContain(parsed.Errors, error => error.Message.Contains("Cannot parse", StringComparison.Ordinal));
                    Assert.Contains(value, message, StringComparison.Ordinal);
                    Assert.Matches(@"(must (be a (whole )?number|lie) (in \S+\.\.\S+|at least \S+))", message);
                }
            }
        }

        Assert.True(numbers > 40, $"Only {numbers} options are numbers.");
    }

    [Fact]
    public void Every_option_that_names_a_place_to_write_is_checked_before_the_command_begins()
    {
        var places = All(Root(), []).SelectMany(pair => pair.Command.Options).Where(option => option.Name == "--out").ToList();
        Assert.True(places.Count >= 12, $"Only {places.Count} commands write.");
        Assert.All(places, option => Assert.IsType<OutOption>(option));
    }

    [Theory]
    [InlineData("demo --out {0}/file", "is a file; name a folder")]
    [InlineData("adapt --source gone --target gone --layout plain --out {0}/file", "is a file; name a folder")]
    [InlineData("sweep --source gone --target gone --layout plain --out {0}/file/below", "{0}/file is a file")]
    [InlineData("predict gone.png --workflow wf-1 --out {0}/file", "is a file; name a folder")]
    [InlineData("report --workflow wf-1 --out {0}/file", "is a file; name a folder")]
    [InlineData("data generate --out {0}/file", "is a file; name a folder")]
    [InlineData("rank --workflow wf-1 --out /proc/intrada", "cannot be written")]
    [InlineData("score --workflow wf-1 --dataset d --out {0}", "is a folder; name the file")]
    [InlineData("import gone.pth --out {0}", "is a folder; name the file")]
    [InlineData("export gone.pth --format pth --out /proc/intrada/a.pth", "cannot be written")]
    [InlineData("keys create --role predict --out {0}/file/keys", "{0}/file is a file")]
    public async Task A_place_that_cannot_be_written_is_refused_first(string line, string message)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], "kept");

        var run = await CliRun.Of([.. line.Split(' ').Select(word => word.Replace("{0}", folder.Path, StringComparison.Ordinal)), "--gateway", "127.0.0.1:1"]);

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.Contains("--out ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message.Replace("{0}", folder.Path, StringComparison.Ordinal), run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Equal([folder["file"]], Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Equal("kept", File.ReadAllText(folder["file"]));
    }

    [Theory]
    [InlineData("adapt --source a --target b --out c --lambda 1.5 --json", "--lambda must lie in 0..1, but is 1.5")]
    [InlineData("--json frobnicate", "frobnicate")]
    [InlineData("workflows show --json", "ID")]
    public async Task Machines_get_a_usage_error_as_the_last_line_too(string line, string message)
    {
        var run = await CliRun.Of(line.Split(' '));

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        var error = Assert.Single(run.JsonLines);
        Assert.Equal("error", (string?)error["event"]);
        Assert.Contains(message, (string?)error["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("adapt --source a --target b --out c --lambda 1.5", "--lambda must lie in 0..1, but is 1.5")]
    [InlineData("adapt --source a --target b --out c --method cyclegan", "--method must be one of advent, minent, source-only")]
    [InlineData("adapt --source a --target b --out c --layout kitti", "--layout must be one of cityscapes")]
    [InlineData("adapt --source a --target b --out c --width 64", "--width and --height belong together")]
    [InlineData("predict a.png --out c", "either --workflow ID or --checkpoint FILE|KEY")]
    [InlineData("predict a.png --out c --workflow a --checkpoint b", "either --workflow ID or --checkpoint FILE|KEY")]
    [InlineData("rank --workflow a --ranking False", "--ranking must be one of entropy, rare-class, but is \"False\"")]
    [InlineData("adapt --source a --target b --out c --lambda 0,1", "--lambda must be a number in 0..1, but is \"0,1\"")]
    [InlineData("adapt --source a --target b --out c --augmentation ja", "--augmentation must be one of true, false, but is \"ja\"")]
    [InlineData("adapt --source a --target b --out c --rare 1", "--rare is about --ranking rare-class")]
    [InlineData("adapt --source a --target b --out c --class-share 0.3", "--class-share is about --pseudo-labels class-balanced")]
    [InlineData("ablation --pseudo-labels argmax --confidence-threshold 0.8", "--confidence-threshold is about --pseudo-labels confidence")]
    [InlineData("sweep --lambda 0.5 --pseudo-labels confidence --class-share 0.3", "--class-share is about --pseudo-labels class-balanced")]
    [InlineData("rank --score-table a --ranking rare-class", "--dataset NAME, or their train ids with --rare")]
    [InlineData("rank --workflow a --dataset b", "leave it out with --workflow")]
    [InlineData("predict a.png --out c --checkpoint b --stage inter", "--stage chooses a network of a workflow")]
    [InlineData("score --dataset a --checkpoint b --stage inter", "--stage chooses a network of a workflow")]
    [InlineData("workflows watch a --after -", "--after must be a whole number at least 0")]
    [InlineData("serve --port 70000", "--port must lie in")]
    [InlineData("frobnicate", "frobnicate")]
    public async Task What_cannot_be_understood_is_named_and_ends_with_2(string line, string message)
    {
        var run = await CliRun.Of(line.Split(' '));

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Without_built_services_and_without_an_address_the_fix_is_named()
    {
        using var home = new TempFolder();
        var run = await CliRun.With(
            new() { ["INTRADA_HOME"] = home.Path, ["INTRADA_STANDALONE"] = home["nothing.dll"] },
            ["workflows", "list"],
            TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.Contains("run the launcher ./intrada, or name a gateway with --gateway", run.Error, StringComparison.Ordinal);
    }

    // What must stand beside an option for the line to be right but for its value.
    private static string[] Company(string[] path, Option option) => (path[0], option.Name) switch
    {
        ("rank", _) => ["--workflow", "wf-1"],
        ("import", "--width") => ["a.pth", "--architecture", "compact", "--height", "64"],
        ("import", _) => ["a.pth", "--architecture", "compact", "--width", "64"],
        (_, "--width") => ["--height", "64"],
        (_, "--height") => ["--width", "64"],
        (_, "--confidence-threshold") => ["--pseudo-labels", "confidence"],
        (_, "--class-share") => ["--pseudo-labels", "class-balanced"],
        _ => [],
    };

    private static RootCommand Root() =>
        CliApplication.CreateRoot(new CliHost { Out = TextWriter.Null, Error = TextWriter.Null, IsTerminal = false, Variable = _ => null });

    private static bool IsNumber(Option option) => (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) is var type
        && type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(System.Numerics.INumber<>));

    private static IEnumerable<(Command Command, string[] Path)> All(Command command, string[] path) =>
        command.Subcommands.SelectMany(sub => All(sub, [.. path, sub.Name])).Prepend((command, path));
}
