using System.Text.Json.Serialization;

namespace IntraDA.Data.Layouts;

/// <summary>JSON files that layouts read.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, AllowDuplicateProperties = false, AllowTrailingCommas = true)]
[JsonSerializable(typeof(CamVidInfo))]
[JsonSerializable(typeof(PlainClasses))]
[JsonSerializable(typeof(Dictionary<string, Dictionary<string, string>>))]
internal sealed partial class LayoutJsonContext : JsonSerializerContext;
