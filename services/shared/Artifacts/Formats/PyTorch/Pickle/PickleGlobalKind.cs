namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>What an allowed global stands for.</summary>
internal enum PickleGlobalKind
{
    OrderedDict,
    Set,
    Encode,
    Bytes,
    Size,
    RebuildTensor,
    RebuildTensorV2,
    RebuildTensorV3,
    RebuildParameter,
    Storage,
    DataType,
}
