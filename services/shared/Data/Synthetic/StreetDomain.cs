namespace IntraDA.Data.Synthetic;

/// <summary>The appearance family a synthetic street is rendered in; the geometry is drawn from one distribution for both.</summary>
public enum StreetDomain
{
    /// <summary>The source: clean, saturated, flat-shaded images under a hard midday sun.</summary>
    Game,

    /// <summary>The target: images as a camera would record them, with other materials, grading, lens and sensor effects.</summary>
    Camera,
}
