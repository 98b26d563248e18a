using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>
/// A user's own photographs: <c>images/</c>, and where there are any <c>labels/NAME.png</c> with ids, list files of names,
/// <c>classes.json</c> and <c>attributes.json</c>.
/// </summary>
internal sealed class PlainLayout : IDatasetLayout
{
    private const string ClassesFile = "classes.json";
    private const string AttributesFile = "attributes.json";
    private const string AttributesForm = """{"NAME": {"condition": "night", "hard": "true"}}""";
    private const string ClassesForm = """{"names": ["road", "car"], "palette": [[128, 64, 128], [0, 0, 142]], "ignore": 255, "rare": [1]}""";

    public string Name => "plain";

    public LayoutListing List(LayoutRequest request)
    {
        var folder = new LayoutFolder(request);
        folder.RefuseSplit();
        folder.RefuseProtocol();
        var pairs = StemPairs.Find(request, folder);
        var (classes, labels, ignored) = Classes(request, folder, pairs[0].Label is not null);
        var type = LayoutJsonContext.Default.DictionaryStringDictionaryStringString;
        var attributes = folder.Has(AttributesFile) ? folder.ReadJson(AttributesFile, type, AttributesForm) : [];
        return new LayoutListing(
            classes,
            labels,
            [.. pairs.Select(pair => new LayoutEntry(pair.Id, pair.Image, pair.Label, attributes.GetValueOrDefault(pair.Id) ?? []))])
        {
            IgnoredRawId = ignored,
        };
    }

    private static (ClassList Classes, LabelEncoding Labels, int Ignored) Classes(LayoutRequest request, LayoutFolder folder, bool labelled)
    {
        if (folder.Has(ClassesFile))
        {
            var file = folder.ReadJson(ClassesFile, LayoutJsonContext.Default.PlainClasses, ClassesForm);
            return (Validated(file, request), StemPairs.Encoding(file.Names.Count, file.Ignore), file.Ignore);
        }

        return request.Classes is { } classes
            ? (classes, new LabelEncoding(), ClassList.Ignore)
            : throw new DatasetException(labelled
                ? $"The folder '{request.Path}' has labels but no '{ClassesFile}': write {ClassesForm} there, with the names "
                    + "in the order of the ids; all but the names may be left out."
                : $"The folder '{request.Path}' does not say its classes: write '{ClassesFile}' with {ClassesForm} there, or "
                    + "name a data set whose classes it shares.");
    }

    private static ClassList Validated(PlainClasses file, LayoutRequest request)
    {
        var classes = new ClassList
        {
            Names = file.Names,
            Palette = file.Palette is { } palette ? [.. palette.SelectMany(color => color ?? []).Select(value => (byte)value)]
                : file.Names.Count is >= 1 and <= 254 && !file.Names.Contains(null!) ? Palettes.ForNames(file.Names)
                : [],
            RareTrainIds = file.Rare,
        };
        List<string> violations = [.. ClassListRules.Violations(classes)];
        if (file.Palette is { } colors && colors.Any(color => color is not { Count: 3 } || color.Any(value => value is < 0 or > 255)))
        {
            violations.Add("a colour of the palette is not three numbers in 0..255");
        }

        if (file.Ignore is < 0 or > 65535)
        {
            violations.Add($"'ignore' is {file.Ignore}, not in 0..65535");
        }

        return violations.Count > 0
            ? throw new DatasetException($"The file '{ClassesFile}' in '{request.Path}' is not valid", violations)
            : classes;
    }
}
