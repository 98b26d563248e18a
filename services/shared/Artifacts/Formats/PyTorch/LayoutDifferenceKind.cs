namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>In which way a tensor is not the architecture's.</summary>
public enum LayoutDifferenceKind
{
    /// <summary>It is there, but of another shape or type.</summary>
    Other,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>The architecture has none of its name.</summary>
    Unexpected,
}
