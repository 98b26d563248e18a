namespace IntraDA.Data.Synthetic;

/// <summary>What a mask lets through at one point.</summary>
internal enum Coverage
{
    /// <summary>The surface is absent.</summary>
    None,

    /// <summary>The object is there, yet one sees through it: only the label is written.</summary>
    LabelOnly,

    /// <summary>The surface is seen.</summary>
    Solid,
}
