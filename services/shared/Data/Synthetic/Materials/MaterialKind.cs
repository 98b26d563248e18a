namespace IntraDA.Data.Synthetic;

/// <summary>How a surface's colour is computed from its paint and its coordinates.</summary>
internal enum MaterialKind
{
    /// <summary>Cloth, bark, fence boards: the tint with a little grain.</summary>
    Plain,

    /// <summary>A wall with windows.</summary>
    Facade,

    /// <summary>Rows of tiles.</summary>
    Roof,

    /// <summary>Leaves, shaded like a ball.</summary>
    Foliage,

    /// <summary>A rounded body: heads and torsos, shaded like an upright cylinder.</summary>
    Round,

    /// <summary>Varnish that mirrors a little of the sky.</summary>
    CarPaint,

    /// <summary>Glass: dark with a reflection towards its top.</summary>
    Glass,

    /// <summary>A tyre around a hub.</summary>
    Wheel,

    /// <summary>A round sign: tint on the rim, accent inside.</summary>
    RoundSign,

    /// <summary>A square or triangular sign with a rim and a few strokes.</summary>
    PanelSign,

    /// <summary>A traffic light with one of its lamps lit.</summary>
    TrafficLight,

    /// <summary>A lamp: shines by itself at night.</summary>
    Lamp,
}
