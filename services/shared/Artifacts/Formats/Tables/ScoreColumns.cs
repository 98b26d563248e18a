namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Columns of a score table beside ids and scores, which are always read.</summary>
[Flags]
public enum ScoreColumns
{
    /// <summary>Ids and scores alone.</summary>
    None = 0,

    /// <summary>The normalised entropies.</summary>
    Entropy = 1,

    /// <summary>The class bits.</summary>
    Present = 2,

    /// <summary>All columns.</summary>
    All = Entropy | Present,
}
