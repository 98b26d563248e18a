using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>The label spaces of the street benchmarks: 19 classes (Cityscapes, GTA5, Synscapes), 16 and 13 (SYNTHIA).</summary>
/// <remarks>
/// Protocol "16" is the compact head 0-15: the 19 without terrain, truck and train, which SYNTHIA does not have. Protocol "13" is "16"
/// without wall, fence and pole, whose pixels are ignored. The published mIoU* over 13 classes is not measured with it: it is the
/// mean over these classes of a model of 16, see <see cref="StarTrainIds"/>.
/// </remarks>
public static class UrbanClasses
{
    private static readonly string[] AllNames =
    [
        "road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation", "terrain", "sky",
        "person", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle",
    ];

    // Published list: rare_class in entropy_rank/entropy.py of the authors' repository. Wall, fence, pole, traffic light,
    // traffic sign, terrain, rider, truck, bus, train, motorcycle.
    private static readonly int[] Rare = [3, 4, 5, 6, 7, 9, 12, 14, 15, 16, 17];

    // Position: train id of the 19; value: labelIds of Cityscapes' gtFine, which GTA5 and Synscapes share.
    private static readonly int[] CityscapesIds = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];

    // Position: train id of the 19; value: class ids of SYNTHIA-RAND-CITYSCAPES. It marks terrain, truck and train (16, 18, 20) nowhere.
    private static readonly int[] SynthiaIds = [3, 4, 2, 21, 5, 7, 15, 9, 6, 16, 1, 10, 17, 8, 18, 19, 20, 12, 11];

    /// <summary>Names of the protocols.</summary>
    public static IReadOnlyList<string> Protocols { get; } = ["19", "16", "13"];

    /// <summary>The classes of a protocol, with Cityscapes' colours and the published rare classes.</summary>
    /// <param name="protocol">One of <see cref="Protocols"/>.</param>
    /// <returns>The class list.</returns>
    /// <exception cref="DatasetException">There is no such protocol.</exception>
    public static ClassList Classes(string protocol)
    {
        var kept = Kept(protocol);
        return new ClassList
        {
            Names = [.. kept.Select(id => AllNames[id])],
            Palette = [.. kept.SelectMany(id => Palettes.Cityscapes.Slice(3 * id, 3).ToArray())],
            RareTrainIds = [.. Rare.Select(id => Array.IndexOf(kept, id)).Where(id => id >= 0)],
        };
    }

    /// <summary>Reads labelIds of Cityscapes, GTA5 or Synscapes (greyscale, or the index of a palette file).</summary>
    /// <param name="protocol">One of <see cref="Protocols"/>.</param>
    /// <returns>The encoding.</returns>
    /// <exception cref="DatasetException">There is no such protocol.</exception>
    public static LabelEncoding FromCityscapesIds(string protocol) => Encoding(CityscapesIds, protocol);

    /// <summary>Reads SYNTHIA's 16-bit files: the class is in the first channel, an instance number in the second.</summary>
    /// <param name="protocol">One of <see cref="Protocols"/>.</param>
    /// <returns>The encoding.</returns>
    /// <exception cref="DatasetException">There is no such protocol.</exception>
    public static LabelEncoding FromSynthiaIds(string protocol) => Encoding(SynthiaIds, protocol);

    /// <summary>The 13 classes of the 16 over which mIoU* is the mean.</summary>
    /// <param name="names">Class names of a model, by train id.</param>
    /// <returns>Their train ids; null where the classes are not those of protocol "16".</returns>
    public static IReadOnlyList<int>? StarTrainIds(IReadOnlyList<string> names) =>
        names.SequenceEqual(Classes("16").Names)
            ? [.. Kept("13").Select(id => Array.IndexOf(Kept("16"), id))]
            : null;

    private static LabelEncoding Encoding(int[] rawIds, string protocol)
    {
        var kept = Kept(protocol);
        return new LabelEncoding { TrainIds = Enumerable.Range(0, kept.Length).ToDictionary(id => rawIds[kept[id]]) };
    }

    private static int[] Kept(string protocol)
    {
        int[] left = protocol switch
        {
            "19" => [],
            "16" => [9, 14, 16],
            "13" => [3, 4, 5, 9, 14, 16],
            _ => throw new DatasetException($"The protocol '{protocol}' is unknown: use one of "
                + $"{string.Join(", ", Protocols)}, or none for the layout's own."),
        };
        return [.. Enumerable.Range(0, AllNames.Length).Except(left)];
    }
}
