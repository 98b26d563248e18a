namespace IntraDA.Data.Synthetic;

/// <summary>The settings of a <see cref="StreetGenerator"/>.</summary>
public sealed record StreetOptions
{
    /// <summary>The image width in pixels, 16 to 4096.</summary>
    public int Width { get; init; } = 160;

    /// <summary>The image height in pixels, 16 to 4096; every drawn size is relative to it.</summary>
    public int Height { get; init; } = 96;

    /// <summary>The seed of the whole collection; scenes of different seeds are unrelated.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// How far the camera domain's appearance lies from the game's, 0 (the same) to 1. The default leaves a small network that
    /// was trained on the game alone enough to adapt from, and enough to gain.
    /// </summary>
    public double Gap { get; init; } = 0.7;

    /// <summary>The share of camera scenes whose condition is not <see cref="StreetCondition.Clear"/>, 0 to 1.</summary>
    public double HardShare { get; init; } = 1 / 3.0;

    /// <summary>Checks every setting and reports all violations together.</summary>
    /// <exception cref="ArgumentException">At least one setting is out of its range; the message lists each.</exception>
    public void Validate()
    {
        var violations = new List<string>();
        RequireSize(nameof(Width), Width, violations);
        RequireSize(nameof(Height), Height, violations);
        RequireShare(nameof(Gap), Gap, violations);
        RequireShare(nameof(HardShare), HardShare, violations);
        if (violations.Count > 0)
        {
            throw new ArgumentException("Invalid street options: " + string.Join("; ", violations) + ".");
        }
    }

    private static void RequireSize(string name, int value, List<string> violations)
    {
        if (value is < 16 or > 4096)
        {
            violations.Add(FormattableString.Invariant($"{name} must lie in 16..4096 but is {value}"));
        }
    }

    private static void RequireShare(string name, double value, List<string> violations)
    {
        // Written so that NaN fails too.
        if (!(value >= 0 && value <= 1))
        {
            violations.Add(FormattableString.Invariant($"{name} must lie in 0..1 but is {value}"));
        }
    }
}
