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
    public async Task Every_command_has_help_with_an_example_that_parses()
    {
        using var output = new StringWriter();
        var root = CliApplication.CreateRoot(new CliHost { Out = output, Error = output, IsTerminal = false, Variable = _ => null });
        foreach (var (command, path) in Leaves(root, []))
        {
            var help = await CliRun.Of([.. path, "--help"]);
            Assert.Equal(0, help.ExitCode);
            Assert.Contains("Example", help.Out, StringComparison.Ordinal);

            var examples = string.Join('\n', command.Examples).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');
            Assert.All(examples, example =>
            {
                Assert.StartsWith("intrada " + string.Join(' ', path), example, StringComparison.Ordinal);
                Assert.Empty(root.Parse(example["intrada ".Length..]).Errors);
            });
        }
    }

    [Theory]
    [InlineData("adapt --source a --target b --out c --lambda 1.5", "--lambda must lie in 0..1, but is 1.5")]
    [InlineData("adapt --source a --target b --out c --method cyclegan", "--method must be one of advent, minent, source-only")]
    [InlineData("adapt --source a --target b --out c --layout kitti", "--layout must be one of cityscapes")]
    [InlineData("adapt --source a --target b --out c --width 64", "--width and --height belong together")]
    [InlineData("predict a.png --out c", "either --workflow ID or --checkpoint FILE|KEY")]
    [InlineData("predict a.png --out c --workflow a --checkpoint b", "either --workflow ID or --checkpoint FILE|KEY")]
    [InlineData("rank --workflow a --ranking False", "--ranking must be one of entropy, rare-class, but is \"False\"")]
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

    private static IEnumerable<(CliCommand Command, string[] Path)> Leaves(Command command, string[] path)
    {
        if (command is CliCommand leaf)
        {
            yield return (leaf, path);
        }

        foreach (var below in command.Subcommands.SelectMany(sub => Leaves(sub, [.. path, sub.Name])))
        {
            yield return below;
        }
    }
}
