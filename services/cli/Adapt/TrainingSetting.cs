using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Cli.Adapt;

/// <summary>One setting of a training stage as typed after <c>--set</c>: <c>STAGE.FIELD=VALUE</c>.</summary>
/// <param name="Stages">The stages: one of source, inter and intra, or all of them.</param>
/// <param name="Options">A message in which this one field is set.</param>
internal sealed record TrainingSetting(IReadOnlyList<string> Stages, TrainingOptions Options)
{
    private const string All = "all";

    private static readonly string[] _stages = ["source", "inter", "intra"];

    /// <summary>The fields, as they are typed.</summary>
    public static IReadOnlyList<string> Fields { get; } =
        [.. TrainingOptions.Descriptor.Fields.InFieldNumberOrder().Select(field => Typed(field.Name))];

    /// <summary>Reads one setting; whether the value is in its range is the gateway's to say.</summary>
    /// <param name="text">As typed, e.g. <c>inter.learning-rate=0.01</c>.</param>
    /// <param name="setting">The setting; null where it is none.</param>
    /// <param name="error">What is wrong with the text; empty where nothing is.</param>
    /// <returns>Whether it is a setting.</returns>
    public static bool TryParse(string text, out TrainingSetting? setting, out string error)
    {
        (setting, error) = (null, "");
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || equals < dot + 2 || equals == text.Length - 1)
        {
            error = $"'{text}' is not STAGE.FIELD=VALUE, e.g. inter.learning-rate=0.01.";
            return false;
        }

        var (stage, name, value) = (text[..dot], text[(dot + 1)..equals], text[(equals + 1)..]);
        if (stage != All && !_stages.Contains(stage))
        {
            error = $"'{stage}' is not a stage; use {string.Join(", ", _stages)} or {All}.";
            return false;
        }

        if (TrainingOptions.Descriptor.FindFieldByName(name.Replace('-', '_')) is not { } field || Typed(field.Name) != name.Replace('_', '-'))
        {
            error = $"'{name}' is not a setting; known are {string.Join(", ", Fields)}.";
            return false;
        }

        try
        {
            var json = new JsonObject { [field.JsonName] = Value(field, value) };
            setting = new(stage == All ? _stages : [stage], TrainingOptions.Parser.ParseJson(json.ToJsonString()));
            return true;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or FormatException or OverflowException or JsonException)
        {
            error = $"'{value}' is not a value of {name}: {Expected(field)}.";
            return false;
        }
    }

    /// <summary>Puts the setting into a spec.</summary>
    /// <param name="spec">Receives it.</param>
    public void ApplyTo(WorkflowSpec spec)
    {
        foreach (var stage in Stages)
        {
            var options = stage switch
            {
                "source" => spec.SourceOptions,
                "inter" => spec.InterOptions,
                _ => spec.IntraOptions,
            };
            options.MergeFrom(Options);
        }
    }

    private static string Typed(string name) => name.Replace('_', '-');

    private static JsonNode Value(FieldDescriptor field, string text) => field.FieldType switch
    {
        FieldType.Message => Size(text),
        FieldType.Enum => Name(field.EnumType, text),
        FieldType.Bool => bool.Parse(text),
        FieldType.Double => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) is var number && double.IsFinite(number)
            ? number
            : throw new FormatException(),
        FieldType.UInt64 => ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture),
        _ => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
    };

    private static JsonObject Size(string text)
    {
        var parts = text.Split('x');
        return parts.Length == 2
            ? new JsonObject
            {
                [ImageSize.Descriptor.FindFieldByNumber(ImageSize.WidthFieldNumber).JsonName] = int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture),
                [ImageSize.Descriptor.FindFieldByNumber(ImageSize.HeightFieldNumber).JsonName] = int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture),
            }
            : throw new FormatException();
    }

    private static string Name(EnumDescriptor type, string text) =>
        type.Values.Skip(1).FirstOrDefault(value => Short(type, value) == Typed(text))?.Name ?? throw new FormatException();

    private static string Expected(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => "a size is WIDTHxHEIGHT in pixels",
        FieldType.Enum => $"use {string.Join(", ", field.EnumType.Values.Skip(1).Select(value => Short(field.EnumType, value)))}",
        FieldType.Bool => "use true or false",
        FieldType.Double => "it is a number",
        _ => "it is a whole number",
    };

    // Values are called TYPE_NAME_VALUE in the contract.
    private static string Short(EnumDescriptor type, EnumValueDescriptor value)
    {
        var prefix = string.Concat(type.Name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}")) + "_";
        return Typed(value.Name.StartsWith(prefix, StringComparison.Ordinal) ? value.Name[prefix.Length..] : value.Name).ToLowerInvariant();
    }
}
