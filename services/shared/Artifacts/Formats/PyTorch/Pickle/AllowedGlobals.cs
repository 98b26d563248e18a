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
        Add("torch", "Size", PickleGlobalKind.Size);
        Add("torch._utils", "_rebuild_tensor", PickleGlobalKind.RebuildTensor);
        Add("torch._utils", "_rebuild_tensor_v2", PickleGlobalKind.RebuildTensorV2);
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

        return known.ToFrozenDictionary();

        void Add(string module, string name, PickleGlobalKind kind, ElementType? element = null) =>
            known.Add((module, name), new PickleGlobal($"{module}.{name}", kind, element));
    }
}
