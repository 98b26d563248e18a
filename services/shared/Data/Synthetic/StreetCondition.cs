namespace IntraDA.Data.Synthetic;

/// <summary>The recording condition of a scene; anything but <see cref="Clear"/> makes a camera scene hard.</summary>
public enum StreetCondition
{
    /// <summary>Daylight without weather or sensor trouble.</summary>
    Clear,

    /// <summary>Haze that grows with the distance.</summary>
    Fog,

    /// <summary>Darkness with street lamps, headlights and strong sensor noise.</summary>
    Night,

    /// <summary>Streaks, wet reflections on the ground and low contrast.</summary>
    Rain,

    /// <summary>Strong sensor noise, motion blur and block artefacts.</summary>
    Noise,
}
