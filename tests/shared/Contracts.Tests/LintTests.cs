namespace IntraDA.Contracts.Tests;

public sealed class LintTests(Buf buf) : IClassFixture<Buf>
{
    [Fact]
    public async Task The_contracts_keep_the_rules_of_buf_yaml()
    {
        SkipWithout();
        var (code, output) = await Buf.RunAsync("lint");
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task The_rules_are_those_of_STANDARD_and_a_contract_that_breaks_them_is_refused()
    {
        SkipWithout();
        var folder = Directory.CreateTempSubdirectory("intrada-buf-");
        try
        {
            File.Copy(Path.Combine(Buf.Root, "protos", "buf.yaml"), Path.Combine(folder.FullName, "buf.yaml"));
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "a.proto"),
                "syntax = \"proto3\";\npackage intrada.wrong;\nmessage lower_case { string CamelCase = 1; }\n",
                TestContext.Current.CancellationToken);
            var (code, output) = await Buf.RunAsync("lint", folder.FullName);
            Assert.NotEqual(0, code);
            Assert.All(
                ["PascalCase", "lower_snake_case", "should be suffixed with a correctly formed version", "should have a non-empty comment"],
                part => Assert.Contains(part, output, StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private void SkipWithout() => Assert.SkipWhen(buf.Unavailable is not null, buf.Unavailable ?? "");
}
