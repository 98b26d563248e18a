namespace IntraDA.Data.Synthetic;

/// <summary>Which part of a surface's polygon is drawn.</summary>
internal enum SurfaceMask
{
    /// <summary>All of it.</summary>
    Full,

    /// <summary>The ellipse in the polygon's box.</summary>
    Ellipse,

    /// <summary>An ellipse with a leafy outline and holes in the picture, not in the label.</summary>
    Foliage,

    /// <summary>A box with a leafy upper edge.</summary>
    Hedge,

    /// <summary>A wheel: the rim and spokes in the picture, the whole disc in the label.</summary>
    Spokes,

    /// <summary>Upright bars under a rail, the whole box in the label.</summary>
    Bars,

    /// <summary>Crossed wires between posts, the whole box in the label.</summary>
    Mesh,

    /// <summary>Two horizontal rails on posts, the whole box in the label.</summary>
    Rails,
}
