using System.Text.Json.Nodes;

namespace IntraDA.Hostile.Tests.Checkpoints;

/// <summary>Ways to forge what a checkpoint says of its network.</summary>
internal static class NetworkRules
{
    private static readonly string[] Members = ["architecture", "class_names", "palette", "rare_train_ids", "input_width", "input_height"];

    public static IReadOnlyDictionary<string, Func<Safetensors, Safetensors>> All { get; } = Values()
        .ToDictionary(
            one => $"{one.Member} = {one.Shown}",
            one => (Func<Safetensors, Safetensors>)(file => With(file, metadata => metadata[one.Member] = one.Value)))
        .Concat(Members.Append("format").ToDictionary(
            member => $"no {member}", member => (Func<Safetensors, Safetensors>)(file => With(file, metadata => metadata.Remove(member)))))
        .Concat(Tensors())
        .ToDictionary();

    private static IEnumerable<(string Member, string Shown, string Value)> Values()
    {
        foreach (var member in Members)
        {
            yield return (member, "nothing", "");
            yield return (member, "a path", "../../etc/passwd");
            yield return (member, "ten thousand letters", new string('a', 10_000));
        }

        foreach (var size in new[] { "0", "-1", "2147483648", "8193", "NaN", "1e3", "12 ", "٣" })
        {
            yield return ("input_width", size, size == "12 " ? "12,5" : size);
            yield return ("input_height", size, size == "12 " ? "12,5" : size);
        }

        yield return ("format", "another", "intrada.network/2");
        yield return ("architecture", "unknown", "resnet9000");
        yield return ("class_names", "null", "null");
        yield return ("class_names", "one class", "[\"road\"]");
        yield return ("class_names", "no text", "[1, 2]");
        yield return ("class_names", "null twice", "[null, null]");
        yield return ("class_names", "one name twice", "[\"road\", \"road\"]");
        yield return ("class_names", "255 classes", "[" + string.Join(',', Enumerable.Range(0, 255).Select(i => $"\"c{i}\"")) + "]");
        yield return ("class_names", "3 classes with weights of 2", "[\"a\",\"b\",\"c\"]");
        yield return ("palette", "odd digits", "000");
        yield return ("palette", "one colour", "000000");
        yield return ("palette", "no digits", "zzzzzzzzzzzz");
        yield return ("rare_train_ids", "beyond the classes", "[2]");
        yield return ("rare_train_ids", "negative", "[-1]");
        yield return ("rare_train_ids", "2^31", "[2147483648]");
        yield return ("rare_train_ids", "twice", "[0, 0]");
    }

    private static Dictionary<string, Func<Safetensors, Safetensors>> Tensors() => new()
    {
        ["an input of 8192 x 8192"] = file => With(file, metadata => (metadata["input_width"], metadata["input_height"]) = ("8192", "8192")),
        ["another architecture's name"] = file => With(file, metadata => metadata["architecture"] = "deeplabv2-resnet50"),
        ["a tensor missing"] = file => Rename(file, last: false, "gone"),
        ["a tensor too many"] = file =>
        {
            var copy = file with { Header = file.Header.DeepClone().AsObject(), Data = [.. file.Data, 7] };
            copy.Header["extra"] = Safetensors.Entry("U8", [1], file.Data.Length, file.Data.Length + 1);
            return copy;
        },
        ["a tensor of another shape"] = file =>
        {
            var copy = file with { Header = file.Header.DeepClone().AsObject() };
            var tensor = copy.Header.First(pair => pair.Key != "__metadata__" && pair.Value!["shape"]!.AsArray().Count == 4).Value!.AsObject();
            var shape = tensor["shape"]!.AsArray().Select(size => size!.GetValue<long>()).ToArray();
            tensor["shape"] = new JsonArray(shape[0] * shape[1] * shape[2] * shape[3]);
            return copy;
        },
        ["a tensor with a path as name"] = file => Rename(file, last: true, "../../weights"),
    };

    private static Safetensors With(Safetensors file, Action<JsonObject> change)
    {
        var copy = file with { Header = file.Header.DeepClone().AsObject() };
        change(copy.Metadata);
        return copy;
    }

    private static Safetensors Rename(Safetensors file, bool last, string name)
    {
        var copy = file with { Header = file.Header.DeepClone().AsObject() };
        var tensors = copy.Header.Where(pair => pair.Key.EndsWith("weight", StringComparison.Ordinal)).Select(pair => pair.Key).ToList();
        var old = last ? tensors[^1] : tensors[0];
        var value = copy.Header[old]!;
        copy.Header.Remove(old);
        copy.Header[name] = value;
        return copy;
    }
}
