using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>
/// CamVid: <c>images/NAME.jpg|png</c>, <c>labels/NAME.png</c> with 8-bit ids, <c>info.json</c> with names and the id of void; lists hold NAME.
/// </summary>
internal sealed class CamVidLayout : IDatasetLayout
{
    private const string InfoFile = "info.json";

    private static readonly string[] RareNames = ["sign", "pole", "fence", "pedestrian", "bicyclist"];

    public string Name => "camvid";

    public LayoutListing List(LayoutRequest request)
    {
        var folder = new LayoutFolder(request);
        folder.RefuseSplit();
        folder.RefuseProtocol();
        var info = folder.ReadJson(InfoFile, LayoutJsonContext.Default.CamVidInfo, """{"classes": ["sky", ...], "ignore_index": 11}""");
        var entries = StemPairs.Find(request, folder)
            .Select(pair => new LayoutEntry(pair.Id, pair.Image, pair.Label, Attributes(pair.Id, info)))
            .ToList();
        return new LayoutListing(Classes(info, request), StemPairs.Encoding(info.Classes.Count, info.IgnoreIndex), entries);
    }

    private static ClassList Classes(CamVidInfo info, LayoutRequest request)
    {
        var classes = new ClassList
        {
            Names = info.Classes,
            Palette = info.Classes.Count is >= 1 and <= 254 && !info.Classes.Contains(null!) ? Palettes.ForNames(info.Classes) : [],
            RareTrainIds = [.. Enumerable.Range(0, info.Classes.Count).Where(id => RareNames.Contains(info.Classes[id]))],
        };
        List<string> violations = [.. ClassListRules.Violations(classes)];
        if (info.IgnoreIndex is < 0 or > 65535)
        {
            violations.Add($"'ignore_index' is {info.IgnoreIndex}, not in 0..65535");
        }

        return violations.Count > 0
            ? throw new DatasetException($"The file '{InfoFile}' in '{request.Path}' is not valid", violations)
            : classes;
    }

    private static Dictionary<string, string> Attributes(string id, CamVidInfo info)
    {
        var dusk = info.DuskPrefix.Length > 0 && id.StartsWith(info.DuskPrefix, StringComparison.Ordinal);
        return new() { ["condition"] = dusk ? "dusk" : "day", ["hard"] = dusk ? "true" : "false" };
    }
}
