namespace IntraDA.Data.Manifests;

/// <summary>What makes a class list valid.</summary>
internal static class ClassListRules
{
    public static IEnumerable<string> Violations(ClassList classes)
    {
        var count = classes.Names.Count;
        if (count is < 2 or > 254)
        {
            yield return $"there are {count} classes; 2 to 254 are allowed";
        }

        if (classes.Names.Any(string.IsNullOrWhiteSpace))
        {
            yield return "a class has no name";
        }

        var counts = classes.Names.Where(name => name is not null).CountBy(name => name, StringComparer.Ordinal);
        foreach (var (name, _) in counts.Where(pair => pair.Value > 1))
        {
            yield return $"the class name '{name}' occurs twice";
        }

        if (classes.Palette.Length != 3 * count)
        {
            yield return $"the palette has {classes.Palette.Length} bytes, {count} classes need {3 * count}";
        }

        foreach (var rare in classes.RareTrainIds.Where(id => id < 0 || id >= count))
        {
            yield return $"the rare train id {rare} is not in 0..{count - 1}";
        }

        if (classes.RareTrainIds.Distinct().Count() != classes.RareTrainIds.Count)
        {
            yield return "a rare train id occurs twice";
        }
    }
}
