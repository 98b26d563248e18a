namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>Maps data to drawing units along one axis, and chooses round tick values.</summary>
public sealed class LinearScale
{
    private readonly double _from;
    private readonly double _to;

    private LinearScale(double low, double high, double from, double to, double[] ticks)
    {
        (Low, High, _from, _to, Ticks) = (low, high, from, to, ticks);
    }

    /// <summary>Smallest value of the axis.</summary>
    public double Low { get; }

    /// <summary>Largest value of the axis.</summary>
    public double High { get; }

    /// <summary>Round values inside the axis, rising.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis whose ends are the data's own.</summary>
    /// <param name="low">Smallest value.</param>
    /// <param name="high">Largest value; an axis of no length is widened.</param>
    /// <param name="from">Drawing position of the low end.</param>
    /// <param name="to">Drawing position of the high end.</param>
    /// <param name="ticks">About how many ticks, at least 2.</param>
    /// <returns>The scale.</returns>
    public static LinearScale Exact(double low, double high, double from, double to, int ticks)
    {
        (low, high) = Widen(low, high);
        var step = NiceStep((high - low) / ticks);
        var first = Math.Ceiling((low / step) - 1e-9);
        var last = Math.Floor((high / step) + 1e-9);
        return new LinearScale(
            low, high, from, to, [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)]);
    }

    /// <summary>An axis whose ends are round values around the data.</summary>
    /// <param name="low">Smallest value.</param>
    /// <param name="high">Largest value; an axis of no length is widened.</param>
    /// <param name="from">Drawing position of the low end.</param>
    /// <param name="to">Drawing position of the high end.</param>
    /// <param name="ticks">About how many ticks, at least 2.</param>
    /// <returns>The scale.</returns>
    public static LinearScale Round(double low, double high, double from, double to, int ticks)
    {
        (low, high) = Widen(low, high);
        var step = NiceStep((high - low) / ticks);
        return Exact(Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step, from, to, ticks);
    }

    /// <summary>Drawing position of a value.</summary>
    /// <param name="value">A value; one beyond an end is drawn at that end.</param>
    /// <returns>The position.</returns>
    public double Map(double value) => _from + ((Math.Clamp(value, Low, High) - Low) / (High - Low) * (_to - _from));

    private static (double Low, double High) Widen(double low, double high)
    {
        if (high - low > 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            return (low, high);
        }

        var half = low == 0 ? 0.5 : Math.Abs(low) * 0.5;
        return (low - half, low + half);
    }

    // 1, 2 or 5 times a power of ten: the steps people read without effort.
    private static double NiceStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch
        {
            <= 1.0 + 1e-9 => power,
            <= 2.0 + 1e-9 => 2 * power,
            <= 5.0 + 1e-9 => 5 * power,
            _ => 10 * power,
        };
    }
}
