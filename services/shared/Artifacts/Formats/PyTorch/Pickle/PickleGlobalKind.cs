namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>What an allowed global stands for.</summary>
internal enum PickleGlobalKind
{
    OrderedDict,
    Set,
    Size,
    RebuildTensor,
    RebuildTensorV2,
    RebuildParameter,
    Storage,
    DataType,
}
