using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntraDA.Cli.Errors;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Synthetic;

namespace IntraDA.Cli.Synthetic;

/// <summary>Writes synthetic scenes as a folder of the layout "plain".</summary>
/// <param name="options">How scenes are drawn.</param>
internal sealed class SyntheticDatasetWriter(StreetOptions options)
{
    // Its presence says that the folder was made here and may be replaced.
    private const string Marker = "synthetic.json";

    // Small or seldom in every scene: what the rare-class factor of the ranking looks for.
    private static readonly string[] RareNames = ["fence", "pole", "sign", "person", "bicyclist"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>
    /// Writes a set: <c>images/</c>, <c>labels/</c> (train ids), <c>classes.json</c>, and <c>attributes.json</c> with the hidden
    /// difficulty, which only evaluation may use. The folder appears when all of it is there; an earlier synthetic one is replaced.
    /// </summary>
    /// <param name="set">What to write, and where.</param>
    /// <param name="onScene">Told after each scene, from several threads.</param>
    /// <param name="cancellationToken">Stops; no folder is left.</param>
    /// <returns>A task that ends when the folder is there.</returns>
    /// <exception cref="CliException">The folder holds something else.</exception>
    public async Task WriteAsync(SyntheticSet set, Action onScene, CancellationToken cancellationToken)
    {
        var directory = Path.GetFullPath(set.Directory);
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any() && !File.Exists(Path.Combine(directory, Marker)))
        {
            throw new CliException($"{directory} is not empty and holds no synthetic scenes; name another folder, or empty it");
        }

        var part = directory + ".part";
        DeleteIfThere(part);
        try
        {
            Directory.CreateDirectory(Path.Combine(part, "images"));
            Directory.CreateDirectory(Path.Combine(part, "labels"));
            await DrawAsync(set, part, onScene, cancellationToken);
            DeleteIfThere(directory);
            Directory.Move(part, directory);
        }
        finally
        {
            DeleteIfThere(part);
        }
    }

    private async Task DrawAsync(SyntheticSet set, string directory, Action onScene, CancellationToken cancellationToken)
    {
        var generator = new StreetGenerator(options);
        var conditions = new StreetCondition[set.Count];
        await Parallel.ForAsync(0, set.Count, cancellationToken, async (offset, token) =>
        {
            var scene = generator.Render(set.Domain, set.FirstIndex + offset);
            conditions[offset] = scene.Condition;
            var file = Id(set, offset) + ".png";
            var image = ImageEncoder.EncodePng(new RgbImage(scene.Width, scene.Height, scene.Rgb));
            await File.WriteAllBytesAsync(Path.Combine(directory, "images", file), image, token);
            var labels = LabelMapWriter.EncodePng(new LabelMap(scene.Width, scene.Height, scene.TrainIds));
            await File.WriteAllBytesAsync(Path.Combine(directory, "labels", file), labels, token);
            onScene();
        });

        await WriteJsonAsync(Path.Combine(directory, "classes.json"), Classes(), cancellationToken);
        await WriteJsonAsync(Path.Combine(directory, "attributes.json"), Attributes(set, conditions), cancellationToken);
        await WriteJsonAsync(
            Path.Combine(directory, Marker),
            new JsonObject
            {
                ["domain"] = set.Domain.ToString().ToLowerInvariant(),
                ["seed"] = options.Seed,
                ["gap"] = options.Gap,
                ["hard_share"] = options.HardShare,
                ["first_index"] = set.FirstIndex,
                ["count"] = set.Count,
            },
            cancellationToken);
    }

    private static string Id(SyntheticSet set, int offset) =>
        (set.FirstIndex + offset).ToString("D7", CultureInfo.InvariantCulture);

    private static JsonObject Classes()
    {
        var palette = new JsonArray();
        for (var id = 0; id < StreetClasses.Names.Count; id++)
        {
            palette.Add(new JsonArray(
                StreetClasses.Palette[3 * id], StreetClasses.Palette[(3 * id) + 1], StreetClasses.Palette[(3 * id) + 2]));
        }

        return new JsonObject
        {
            ["names"] = new JsonArray([.. StreetClasses.Names.Select(name => (JsonNode)name)]),
            ["palette"] = palette,
            ["rare"] = new JsonArray([.. Enumerable.Range(0, StreetClasses.Names.Count)
                .Where(id => RareNames.Contains(StreetClasses.Names[id]))
                .Select(id => (JsonNode)id)]),
        };
    }

    private static JsonObject Attributes(SyntheticSet set, StreetCondition[] conditions)
    {
        var all = new JsonObject();
        for (var offset = 0; offset < conditions.Length; offset++)
        {
            all[Id(set, offset)] = new JsonObject
            {
                ["condition"] = conditions[offset].ToString().ToLowerInvariant(),
                ["hard"] = conditions[offset] == StreetCondition.Clear ? "false" : "true",
            };
        }

        return all;
    }

    private static Task WriteJsonAsync(string path, JsonObject content, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(path, content.ToJsonString(Indented), cancellationToken);

    private static void DeleteIfThere(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
