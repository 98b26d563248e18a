namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>What stands before a legend's label.</summary>
public enum LegendMark
{
    /// <summary>A filled square: bars.</summary>
    Square,

    /// <summary>A line.</summary>
    Line,

    /// <summary>A broken line.</summary>
    DashedLine,

    /// <summary>The symbol of the series: points.</summary>
    Symbol,
}
