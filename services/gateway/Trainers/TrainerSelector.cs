using System.Diagnostics.CodeAnalysis;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Gateway.Trainers;

/// <summary>A wish for a trainer: empty, NAME or NAME@RANGE.</summary>
internal sealed record TrainerSelector(string Name, VersionRange? Range)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out TrainerSelector? selector)
    {
        selector = null;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? text : text[..at];
        if (text.Length > 0 && (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')))
        {
            return false;
        }

        VersionRange? range = null;
        if (at >= 0 && !VersionRange.TryParse(text[(at + 1)..], out range))
        {
            return false;
        }

        selector = new(name, range);
        return true;
    }

    public bool Matches(ServiceInfo trainer) =>
        (Name.Length == 0 || Name == trainer.Name)
        && (Range is null || (SemanticVersion.TryParse(trainer.Version, out var version) && Range.Contains(version)));
}
