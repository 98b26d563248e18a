namespace IntraDA.Artifacts.Formats.Safetensors;

/// <summary>Names and sizes of element types.</summary>
public static class SafetensorsDataTypeExtensions
{
    /// <summary>Bytes of one element.</summary>
    /// <param name="type">The type.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int Size(this SafetensorsDataType type) => type switch
    {
        SafetensorsDataType.Bool or SafetensorsDataType.U8 or SafetensorsDataType.I8 => 1,
        SafetensorsDataType.I16 or SafetensorsDataType.F16 or SafetensorsDataType.BF16 => 2,
        SafetensorsDataType.I32 or SafetensorsDataType.F32 => 4,
        SafetensorsDataType.I64 or SafetensorsDataType.F64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type."),
    };

    /// <summary>The name in file headers, e.g. "F32".</summary>
    /// <param name="type">The type.</param>
    /// <returns>The name.</returns>
    public static string Code(this SafetensorsDataType type) => type == SafetensorsDataType.Bool ? "BOOL" : type.ToString();

    internal static SafetensorsDataType? FromCode(string? code) => code switch
    {
        "BOOL" => SafetensorsDataType.Bool,
        "U8" => SafetensorsDataType.U8,
        "I8" => SafetensorsDataType.I8,
        "I16" => SafetensorsDataType.I16,
        "I32" => SafetensorsDataType.I32,
        "I64" => SafetensorsDataType.I64,
        "F16" => SafetensorsDataType.F16,
        "BF16" => SafetensorsDataType.BF16,
        "F32" => SafetensorsDataType.F32,
        "F64" => SafetensorsDataType.F64,
        _ => null,
    };
}
