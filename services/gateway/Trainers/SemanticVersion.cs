using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IntraDA.Gateway.Trainers;

/// <summary>A version of the form major.minor.patch with an optional pre-release part; build metadata is left out of account.</summary>
internal sealed record SemanticVersion(int Major, int Minor, int Patch, string PreRelease = "") : IComparable<SemanticVersion>
{
    public static bool TryParse(string text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        text = text.Split('+', 2)[0];
        var dash = text.Split('-', 2);
        var numbers = dash[0].Split('.');
        if (numbers.Length != 3 || (dash.Length == 2 && dash[1].Length == 0))
        {
            return false;
        }

        var parts = new int[3];
        for (var i = 0; i < 3; i++)
        {
            if (!int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out parts[i]))
            {
                return false;
            }
        }

        version = new SemanticVersion(parts[0], parts[1], parts[2], dash.Length == 2 ? dash[1] : "");
        return true;
    }

    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var core = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return core != 0 ? core : ComparePreRelease(PreRelease, other.PreRelease);
    }

    public override string ToString() => PreRelease.Length == 0 ? $"{Major}.{Minor}.{Patch}" : $"{Major}.{Minor}.{Patch}-{PreRelease}";

    // A release stands above its pre-releases; identifiers compare as numbers where both are (semver.org, rule 11).
    private static int ComparePreRelease(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length);
        }

        var (a, b) = (left.Split('.'), right.Split('.'));
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var (isNumberA, isNumberB) = (int.TryParse(a[i], NumberStyles.None, CultureInfo.InvariantCulture, out var x),
                int.TryParse(b[i], NumberStyles.None, CultureInfo.InvariantCulture, out var y));
            var order = (isNumberA, isNumberB) switch
            {
                (true, true) => x.CompareTo(y),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.CompareOrdinal(a[i], b[i]),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }
}
