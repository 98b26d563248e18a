using Google.Protobuf;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Labels;

namespace IntraDA.Data.Manifests;

/// <summary>Converts between manifests and the messages of the contracts.</summary>
public static class ManifestMessages
{
    /// <summary>The message of a class list.</summary>
    /// <param name="classes">The class list.</param>
    /// <returns>The message.</returns>
    public static ClassSet ToProto(this ClassList classes) => new()
    {
        Names = { classes.Names },
        Palette = ByteString.CopyFrom(classes.Palette),
        RareTrainIds = { classes.RareTrainIds },
    };

    /// <summary>The class list of a message; an empty palette is derived from the names.</summary>
    /// <param name="classes">The message.</param>
    /// <returns>A valid class list.</returns>
    /// <exception cref="DatasetException">The message is not valid; all reasons at once.</exception>
    public static ClassList ToClassList(this ClassSet classes)
    {
        var derive = classes.Palette.IsEmpty && classes.Names.Count is >= 1 and <= 254;
        var list = new ClassList
        {
            Names = [.. classes.Names],
            Palette = derive ? Palettes.ForNames(classes.Names) : classes.Palette.ToByteArray(),
            RareTrainIds = [.. classes.RareTrainIds],
        };
        return ClassListRules.Violations(list).ToList() is { Count: > 0 } violations
            ? throw new DatasetException("The class set is not valid", violations)
            : list;
    }

    /// <summary>The message of a registered data set.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="name">Name under which it is registered.</param>
    /// <param name="artifact">Where the manifest is stored.</param>
    /// <returns>The message.</returns>
    public static Dataset ToProto(this DatasetManifest manifest, string name, Artifact artifact) => new()
    {
        Name = name,
        Manifest = artifact,
        Images = manifest.Items.Count,
        Labelled = manifest.Items.Count(item => item.Label is not null),
        Classes = manifest.Classes.ToProto(),
    };
}
