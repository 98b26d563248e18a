using System.Collections.Frozen;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>
/// The names that a pickle of tensors needs, as a closed list. Mentioning any other one is refused, called or not: nothing is ever
/// looked up by name in this process either.
/// </summary>
internal static class AllowedGlobals
{
    private static readonly (string Storage, string Name, int Size, SafetensorsDataType? DataType)[] Elements =
    [
        ("Float", "float32", 4, SafetensorsDataType.F32),
        ("Double", "float64", 8, SafetensorsDataType.F64),
        ("Half", "float16", 2, SafetensorsDataType.F16),
        ("BFloat16", "bfloat16", 2, SafetensorsDataType.BF16),
        ("Byte", "uint8", 1, SafetensorsDataType.U8),
        ("Char", "int8", 1, SafetensorsDataType.I8),
        ("Short", "int16", 2, SafetensorsDataType.I16),
        ("Int", "int32", 4, SafetensorsDataType.I32),
        ("Long", "int64", 8, SafetensorsDataType.I64),
        ("Bool", "bool", 1, SafetensorsDataType.Bool),
        ("ComplexFloat", "complex64", 8, null),
        ("ComplexDouble", "complex128", 16, null),
        ("QUInt8", "quint8", 1, null),
        ("QInt8", "qint8", 1, null),
        ("QInt32", "qint32", 4, null),
    ];

    // Without storage classes of their own, so tensors of them come from an untyped storage. Known to be named as what is not supported.
    private static readonly (string Name, int Size)[] Unsupported =
    [
        ("uint16", 2), ("uint32", 4), ("uint64", 8), ("complex32", 4), ("float8_e4m3fn", 1), ("float8_e4m3fnuz", 1), ("float8_e5m2", 1),
        ("float8_e5m2fnuz", 1), ("float8_e8m0fnu", 1), ("float4_e2m1fn_x2", 1), ("quint4x2", 1), ("quint2x4", 1), ("bits8", 1), ("bits16", 2),
        ("bits1x8", 1), ("bits2x4", 1), ("bits4x2", 1),
    ];

    private static readonly FrozenDictionary<(string Module, string Name), PickleGlobal> Known = Build();

    /// <summary>Finds a name.</summary>
    /// <param name="module">Module, as the pickle has it.</param>
    /// <param name="name">Name in the module.</param>
    /// <returns>What it stands for.</returns>
    /// <exception cref="ForbiddenGlobalException">It is not in the list.</exception>
    public static PickleGlobal Find(string module, string name) =>
        Known.GetValueOrDefault((module, name)) ?? throw new ForbiddenGlobalException($"{module}.{name}");

    /// <summary>The name of the storage class of an element type, e.g. "FloatStorage".</summary>
    /// <param name="type">The type.</param>
    /// <returns>The class in module torch.</returns>
    public static string StorageClass(SafetensorsDataType type) => Elements.First(element => element.DataType == type).Storage + "Storage";

    /// <summary>PyTorch's name of an element type, e.g. "float32".</summary>
    /// <param name="type">The type.</param>
    /// <returns>The name.</returns>
    public static string ElementName(SafetensorsDataType type) => Elements.First(element => element.DataType == type).Name;

    private static FrozenDictionary<(string Module, string Name), PickleGlobal> Build()
    {
        var known = new Dictionary<(string Module, string Name), PickleGlobal>();
        Add("collections", "OrderedDict", PickleGlobalKind.OrderedDict);
        Add("builtins", "set", PickleGlobalKind.Set);
        Add("builtins", "frozenset", PickleGlobalKind.Set);

        // Protocol 2 and Python 2 call the module by its old name.
        Add("__builtin__", "set", PickleGlobalKind.Set);
        Add("__builtin__", "frozenset", PickleGlobalKind.Set);

        // Protocol 2 has no opcode for bytes: Python writes them as text in Latin 1 that encode turns back, or as bytes() where there are none.
        Add("_codecs", "encode", PickleGlobalKind.Encode);
        foreach (var module in new[] { "builtins", "__builtin__" })
        {
            Add(module, "bytes", PickleGlobalKind.Bytes);
            Add(module, "bytearray", PickleGlobalKind.Bytes);
        }

        Add("torch", "Size", PickleGlobalKind.Size);
        Add("torch._utils", "_rebuild_tensor", PickleGlobalKind.RebuildTensor);
        Add("torch._utils", "_rebuild_tensor_v2", PickleGlobalKind.RebuildTensorV2);
        Add("torch._utils", "_rebuild_tensor_v3", PickleGlobalKind.RebuildTensorV3);
        Add("torch._utils", "_rebuild_parameter", PickleGlobalKind.RebuildParameter);
        var bytes = new ElementType("uint8", 1, SafetensorsDataType.U8);
        Add("torch.storage", "UntypedStorage", PickleGlobalKind.Storage, bytes);
        Add("torch", "UntypedStorage", PickleGlobalKind.Storage, bytes);
        Add("torch.storage", "TypedStorage", PickleGlobalKind.Storage);
        foreach (var (storage, name, size, dataType) in Elements)
        {
            var element = new ElementType(name, size, dataType);
            Add("torch", storage + "Storage", PickleGlobalKind.Storage, element);
            Add("torch", name, PickleGlobalKind.DataType, element);
        }

        foreach (var (name, size) in Unsupported)
        {
            Add("torch", name, PickleGlobalKind.DataType, new ElementType(name, size, DataType: null));
        }

        return known.ToFrozenDictionary();

        void Add(string module, string name, PickleGlobalKind kind, ElementType? element = null) =>
            known.Add((module, name), new PickleGlobal($"{module}.{name}", kind, element));
    }
}
