using System.Text.Json.Nodes;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using IntraDA.Data.Tests;
using IntraDA.Hostile.Tests.Images;
using IntraDA.Hostile.Tests.World;

namespace IntraDA.Hostile.Tests.Labels;

/// <summary>Label files that a registered set names: they are opened by an evaluation.</summary>
public sealed class HostileLabelMapTests(HostileEnsemble ensemble)
{
    // What a viewer forgives, a label file may not have: another pixel is another class.
    private static readonly string[] Rules =
    [
        "only the signature", "cut in the header", "cut in the middle", "60,000 x 60,000", "2^31-1 x 1", "no width", "more rows than data",
        "bit depth 3", "colour type 5", "header checksum wrong", "data checksum wrong", "data of zeros", "data too short", "no data", "animated",
    ];

    private static readonly Dictionary<string, byte[]> Bases = new()
    {
        ["greyscale"] = Pictures.Labels(32, 24, 0, 1, 255),
        ["palette"] = PngWriter.Palette8(32, 24, Pictures.Repeat(32 * 24, (byte)0, (byte)1), [0, 0, 0, 9, 9, 9]),
        ["16 bits"] = PngWriter.Gray16(32, 24, Pictures.Repeat(32 * 24, (ushort)0, (ushort)1, (ushort)9)),
    };

    private static readonly Dictionary<string, HostileCase> Cases = Make().ToDictionary(one => one.Name);

    public static TheoryData<string> Names => HostileCase.NamesOf(Cases.Values);

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_hostile_label_map_is_refused_by_field(string name) => ensemble.RefuseAsync(Cases[name]);

    private static IEnumerable<HostileCase> Make()
    {
        foreach (var (kind, label) in Bases)
        {
            foreach (var rule in Rules)
            {
                yield return Refused($"{kind}: {rule}", PngRules.All[rule](label));
            }

            yield return Refused($"{kind}: bytes of a chunk missing", [.. label[..^20], .. label[^12..]]);
        }

        yield return Refused("another size than the image", Pictures.Labels(31, 24, 0));
        yield return Refused("a colour image", Pictures.Png(32, 24));
        yield return Refused("a JPEG", Pictures.Jpeg(32, 24));
        yield return Refused("zeros", new byte[500]);
        yield return Refused("a channel that it has not", Bases["greyscale"], labels => labels["channel"] = 2);
        yield return new HostileCase(
            "a label that is not in the store",
            StatusCode.NotFound,
            null,
            world => EvaluateAsync(world, new Artifact { Key = "uploads/none", Sha256 = new string('0', 64), SizeBytes = 10 }, _ => { }));
        yield return new HostileCase(
            "a label of other bytes than its digest",
            StatusCode.DataLoss,
            null,
            world => EvaluateAsync(world, new Artifact { Key = world.Label.Key, Sha256 = new string('0', 64), SizeBytes = world.Label.SizeBytes }, _ => { }));
        yield return new HostileCase(
            "a label of another size than announced",
            StatusCode.DataLoss,
            null,
            world => EvaluateAsync(world, new Artifact { Key = world.Label.Key, Sha256 = world.Label.Sha256, SizeBytes = world.Label.SizeBytes + 1 }, _ => { }));
        yield return Refused("a label larger than the limit", new byte[HostileEnsemble.MaxImageBytes + 1]);
    }

    private static HostileCase Refused(string name, byte[] label, Action<JsonObject>? change = null) => new(
        name,
        StatusCode.InvalidArgument,
        "dataset",
        async world => await EvaluateAsync(world, await world.UploadAsync(label, "image/png"), change ?? (_ => { })));

    private static async Task EvaluateAsync(HostileEnsemble world, Artifact label, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(DatasetManifestJson.Serialize(HostileEnsemble.Describe(world.Image, label)))!.AsObject();
        change(json["labels"]!.AsObject());
        var manifest = await world.UploadAsync(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), DatasetManifest.MediaType);
        await world.Gateway.RegisterDatasetAsync(new RegisterDatasetRequest { Name = "hostile-label", Manifest = manifest }, world.Soon);
        var request = new EvaluateRequest { Model = new WorkflowModel { Checkpoint = world.Checkpoint }, Dataset = "hostile-label" };
        await HostileEnsemble.DrainAsync(world.Gateway.Evaluate(request, world.Soon));
    }
}
