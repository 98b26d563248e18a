using Grpc.Core;
using IntraDA.Data.Images;
using IntraDA.Data.Tests;
using IntraDA.Hostile.Tests.World;

namespace IntraDA.Hostile.Tests.Images;

public sealed class HostileImageTests(HostileEnsemble ensemble)
{
    private static readonly Dictionary<string, byte[]> Pngs = new()
    {
        ["RGB"] = Pictures.Png(24, 20),
        ["greyscale of 16 bits"] = Encode(PngColorType.Gray, 16),
        ["palette of 4 bits"] = Encode(PngColorType.Palette, 4),
        ["interlaced RGBA"] = Encode(PngColorType.Rgba, 8, interlaced: true),
    };

    private static readonly Dictionary<string, byte[]> Jpegs = new()
    {
        ["small"] = Pictures.Jpeg(24, 20),
        ["fine"] = ImageEncoder.EncodeJpeg(Pictures.Gradient(70, 50), 100),
    };

    private static readonly Dictionary<string, HostileCase> Cases = Make().ToDictionary(one => one.Name);

    public static TheoryData<string> Names => HostileCase.NamesOf(Cases.Values);

    public static TheoryData<string> OddNames => new(Odd.Keys);

    private static Dictionary<string, byte[]> Odd { get; } = new()
    {
        ["1x1 PNG"] = Pictures.Png(1, 1),
        ["1x1 JPEG"] = Pictures.Jpeg(1, 1),
        ["one row"] = Pictures.Png(500, 1),
        ["one column"] = Pictures.Png(1, 500),
        ["16 bits"] = Pngs["greyscale of 16 bits"],
        ["palette"] = Pngs["palette of 4 bits"],
        ["interlaced, alpha"] = Pngs["interlaced RGBA"],
        ["1 bit"] = Encode(PngColorType.Gray, 1),
        ["text chunk"] = [.. Pictures.Png()[..33], .. TestPng.Chunk("tEXt", "a\0b"u8.ToArray()), .. Pictures.Png()[33..]],
        ["bytes after the end"] = [.. Pictures.Png(), .. new byte[100]],
    };

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_hostile_image_is_refused_by_field(string name) => ensemble.RefuseAsync(Cases[name]);

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task An_odd_but_valid_image_among_hostile_ones_is_answered(string name)
    {
        await ensemble.PredictAsync(Odd[name]);
        ensemble.CountAnswered();
    }

    private static IEnumerable<HostileCase> Make()
    {
        foreach (var (kind, png) in Pngs)
        {
            foreach (var (rule, spoil) in PngRules.All)
            {
                yield return Refused($"PNG, {kind}: {rule}", spoil(png));
            }
        }

        foreach (var (kind, jpeg) in Jpegs)
        {
            foreach (var (rule, spoil) in JpegRules.All)
            {
                yield return Refused($"JPEG, {kind}: {rule}", spoil(jpeg));
            }
        }

        foreach (var (kind, bytes) in NoImages.All)
        {
            yield return Refused($"no image: {kind}", bytes);
        }

        yield return Refused("more bytes than the limit", [.. Pictures.Png(), .. new byte[HostileEnsemble.MaxImageBytes]]);
        yield return Refused("more pixels than the limit", Pictures.Jpeg(1200, 900));
        yield return new HostileCase(
            "an id of 257 characters", StatusCode.InvalidArgument, "image.id", world => world.PredictAsync(Pictures.Png(), new string('x', 257)));
        yield return new HostileCase(
            "an id that is a megabyte of control characters",
            StatusCode.InvalidArgument,
            "image.id",
            world => world.PredictAsync(Pictures.Png(), new string('\u0007', 1 << 20)));
    }

    private static HostileCase Refused(string name, byte[] image) =>
        new(name, StatusCode.InvalidArgument, "image.content", world => world.PredictAsync(image));

    private static byte[] Encode(PngColorType type, int depth, bool interlaced = false)
    {
        var png = new TestPng(24, 20, type, depth, interlaced);
        return png.Encode(png.Samples());
    }
}
