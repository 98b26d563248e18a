using System.Text.Json;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.PyTorch;

namespace IntraDA.Artifacts.Tests.PyTorch;

public sealed class FixtureTests
{
    private const int Timeout = 60_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = Timeout)]
    [InlineData("zip.pth", "", "")]
    [InlineData("legacy.pth", "", "")]
    [InlineData("imagenet_prefixed_legacy.pth", "Scale.", "layer5.conv2d_list.0.weight")]
    [InlineData("dataparallel.pth", "module.", "")]
    [InlineData("wrapped.pth", "", "")]
    public async Task Names_types_shapes_and_values_are_those_that_PyTorch_saved(string file, string prefix, string beside)
    {
        using var expected = JsonDocument.Parse(Checkpoints.Fixture("expected.json"));
        var reader = Checkpoints.Open(Checkpoints.Fixture(file));
        var tensors = reader.Tensors.Where(tensor => tensor.Name != beside).ToList();

        Assert.Equal(prefix, reader.Prefix);
        Assert.Equal(beside.Length > 0 ? 1 : 0, reader.Tensors.Count - tensors.Count);
        Assert.Equal(expected.RootElement.EnumerateObject().Select(property => property.Name), tensors.Select(tensor => tensor.Name));
        foreach (var tensor in tensors)
        {
            var entry = expected.RootElement.GetProperty(tensor.Name);
            Assert.Equal(entry.GetProperty("dtype").GetString(), tensor.DataTypeName);
            Assert.Equal(entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), tensor.Shape);
            Assert.Equal(
                entry.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()),
                await Checkpoints.ValuesAsync(reader, tensor, Token));
            var copy = new MemoryStream();
            await reader.CopyToAsync(tensor, copy, Token);
            var read = new byte[tensor.Length];
            await reader.ReadAsync(tensor, read, Token);
            Assert.Equal(read, copy.ToArray());
        }
    }

    [Theory(Timeout = Timeout)]
    [InlineData("hostile_zip.pth")]
    [InlineData("hostile_legacy.pth")]
    public async Task A_hostile_file_is_refused_by_the_name_of_what_it_would_run_and_nothing_is_run(string file)
    {
        // The command in the files.
        const string Marker = "/tmp/pth_was_executed";
        Assert.False(File.Exists(Marker), $"{Marker} is there before the test: delete it.");

        var error = Assert.Throws<ForbiddenGlobalException>(() => Checkpoints.Open(Checkpoints.Fixture(file)));

        Assert.Equal("posix.system", error.Global);
        Assert.Contains("'posix.system'", error.Message, StringComparison.Ordinal);
        await Task.Delay(100, Token);
        Assert.False(File.Exists(Marker));
    }

    [Theory]
    [InlineData("truncated_zip.pth")]
    [InlineData("truncated_legacy.pth")]
    public void A_truncated_file_is_called_truncated(string file) =>
        Assert.Contains("truncated", Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Fixture(file))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_stands_beside_the_state_dict_is_passed_over()
    {
        var reader = Checkpoints.Open(Checkpoints.Fixture("wrapped.pth"));
        Assert.Equal("conv1.weight", reader.Tensors[0].Name);
        Assert.Empty(reader.Others);
    }

    [Fact]
    public void A_prefix_is_kept_or_named_by_the_caller()
    {
        var file = Checkpoints.Fixture("dataparallel.pth");
        Assert.Equal("module.conv1.weight", Checkpoints.Open(file, prefix: "").Tensors[0].Name);
        Assert.Equal("conv1.weight", Checkpoints.Open(file, prefix: "module").Tensors[0].Name);
        Assert.Contains("'other.'", Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(file, prefix: "other.")).Message, StringComparison.Ordinal);
    }
}
