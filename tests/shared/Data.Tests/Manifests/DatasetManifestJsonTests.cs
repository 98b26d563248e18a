using System.Text;
using System.Text.Json.Nodes;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Tests.Manifests;

public sealed class DatasetManifestJsonTests
{
    private static DatasetManifest Manifest => new()
    {
        Name = "streets",
        Classes = new ClassList { Names = ["road", "car"], Palette = [1, 2, 3, 4, 5, 6], RareTrainIds = [1] },
        Labels = new LabelEncoding { Channel = 1, TrainIds = new Dictionary<int, int> { [7] = 0, [8] = 1, [9] = 255 }, SizesMayDiffer = true },
        Root = "/data/streets",
        Items =
        [
            new DatasetItem { Id = "a/ä", Image = File("images/a.png", 'a'), Label = File("labels/a.png", 'b'), Attributes = new Dictionary<string, string> { ["hard"] = "true", ["condition"] = "night" } },
            new DatasetItem { Id = "b", Image = File("images/b.png", 'c') },
        ],
    };

    [Fact]
    public void A_manifest_survives_the_round_trip_byte_for_byte()
    {
        var bytes = DatasetManifestJson.Serialize(Manifest);
        var read = DatasetManifestJson.Parse(bytes, "streets");
        Assert.Equal(bytes, DatasetManifestJson.Serialize(read));
        Assert.Equivalent(Manifest, read, strict: true);
    }

    [Fact]
    public void Order_of_insertion_does_not_reach_the_bytes()
    {
        var other = Manifest with
        {
            Labels = Manifest.Labels! with { TrainIds = new Dictionary<int, int> { [9] = 255, [8] = 1, [7] = 0 } },
            Items = [Manifest.Items[0] with { Attributes = new Dictionary<string, string> { ["condition"] = "night", ["hard"] = "true" } }, Manifest.Items[1]],
        };
        Assert.Equal(DatasetManifestJson.Serialize(Manifest), DatasetManifestJson.Serialize(other));
    }

    [Fact]
    public void All_violations_are_told_at_once()
    {
        var bad = Manifest with
        {
            Format = "intrada.dataset/9",
            Name = " ",
            Root = "relative/folder",
            Classes = new ClassList { Names = ["one"], Palette = [1, 2], RareTrainIds = [0, 5] },
            Labels = new LabelEncoding { Channel = 7, TrainIds = new Dictionary<int, int> { [70000] = 0, [1] = 3 } },
            Items =
            [
                Manifest.Items[0] with { Image = File("../secret", 'a') },
                Manifest.Items[0] with { Label = File("/etc/passwd", 'b') with { Sha256 = "XYZ", SizeBytes = 0 } },
            ],
        };
        var exception = Assert.Throws<DatasetException>(() => DatasetManifestJson.Serialize(bad));
        string[] expected =
        [
            "intrada.dataset/9", "the name is empty", "relative/folder", "there are 1 classes", "palette has 2 bytes", "rare train id 5", "label channel 7",
            "raw label value 70000", "train id 3 of raw value 1", "'a/ä' occurs twice", "'../secret'", "'/etc/passwd'", "SHA-256 of the label", "size of the label",
        ];
        Assert.All(expected, part => Assert.Contains(exception.Violations, violation => violation.Contains(part, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, exception.Violations.Count);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Labels_are_described_where_there_are_any_and_only_there()
    {
        Assert.Contains("does not say how", Refusal(Manifest with { Labels = null }), StringComparison.Ordinal);
        Assert.Contains("no image has a label", Refusal(Manifest with { Items = [Manifest.Items[1]] }), StringComparison.Ordinal);
        Assert.Contains("no images", Refusal(Manifest with { Labels = null, Items = [] }), StringComparison.Ordinal);

        static string Refusal(DatasetManifest manifest) => Assert.Throws<DatasetException>(() => DatasetManifestJson.Serialize(manifest)).Message;
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("..")]
    [InlineData("./a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    public void A_path_that_could_leave_the_root_is_refused(string path)
    {
        var manifest = Manifest with { Items = [Manifest.Items[0] with { Image = File(path, 'a') }] };
        Assert.Throws<DatasetException>(() => DatasetManifestJson.Serialize(manifest));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"intrada.dataset/1\",\"name\":null}")]
    public void What_is_no_manifest_is_refused_by_name(string json)
    {
        var exception = Assert.Throws<DatasetException>(() => DatasetManifestJson.Parse(Encoding.UTF8.GetBytes(json), "thing.json"));
        Assert.Contains("'thing.json'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("items", "[null]")]
    [InlineData("items", "null")]
    [InlineData("classes", "null")]
    [InlineData("rooot", "\"/x\"")]
    [InlineData("labels", "{\"channel\":\"one\"}")]
    public void Null_misspelt_and_mistyped_members_are_refused(string member, string value)
    {
        var json = JsonNode.Parse(DatasetManifestJson.Serialize(Manifest))!.AsObject();
        json[member] = JsonNode.Parse(value);
        Assert.Throws<DatasetException>(() => DatasetManifestJson.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "thing.json"));
    }

    [Fact]
    public void Members_with_a_default_may_be_left_out_and_the_format_may_not()
    {
        var digest = new string('a', 64);
        var json = $$"""
            {"format":"intrada.dataset/1","name":"n","classes":{"names":["a","b"],"palette":"AQIDBAUG"},"labels":{},
             "items":[{"id":"x","image":{"path":"x.png","sha256":"{{digest}}","sizeBytes":1},
                       "label":{"path":"y.png","sha256":"{{digest}}","sizeBytes":1} } ] }
            """;
        var manifest = DatasetManifestJson.Parse(Encoding.UTF8.GetBytes(json), "n");
        Assert.Empty(manifest.Items[0].Attributes);
        Assert.Empty(manifest.Classes.RareTrainIds);
        Assert.Equal(new LabelEncoding(), manifest.Labels);
        var without = json.Replace("\"format\":\"intrada.dataset/1\",", string.Empty, StringComparison.Ordinal);
        Assert.Contains("the format is ''", Assert.Throws<DatasetException>(() => DatasetManifestJson.Parse(Encoding.UTF8.GetBytes(without), "n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_of_the_contracts_carry_the_same_facts()
    {
        var artifact = new Artifact { Key = "datasets/streets" };
        var message = Manifest.ToProto("target", artifact);
        Assert.Equal(("target", 2L, 1L, artifact), (message.Name, message.Images, message.Labelled, message.Manifest));
        Assert.Equivalent(Manifest.Classes, message.Classes.ToClassList(), strict: true);
    }

    [Fact]
    public void An_empty_palette_in_a_message_is_derived_and_a_wrong_one_refused()
    {
        var derived = new ClassSet { Names = { "road", "kangaroo" } }.ToClassList();
        Assert.Equal([128, 64, 128], derived.Palette[..3]);
        Assert.Equal(6, derived.Palette.Length);
        var message = UrbanClasses.Classes("19").ToProto();
        message.Names.Add("road");
        message.RareTrainIds.Add(20);
        Assert.Equal(3, Assert.Throws<DatasetException>(message.ToClassList).Violations.Count);
        Assert.Throws<DatasetException>(() => new ClassSet().ToClassList());
    }

    private static DatasetFile File(string path, char digit) => new() { Path = path, Sha256 = new string(digit, 64), SizeBytes = 5 };
}
