namespace IntraDA.Data.Manifests;

/// <summary>Checks all of a manifest.</summary>
internal static class ManifestValidator
{
    // A list of thousands of equal findings helps nobody.
    private const int MaxFindings = 20;

    public static void Validate(DatasetManifest manifest, string name)
    {
        var findings = new List<string>();
        Require(manifest.Format == DatasetManifest.CurrentFormat, $"the format is '{manifest.Format}', not "
            + $"'{DatasetManifest.CurrentFormat}'");
        Require(!string.IsNullOrWhiteSpace(manifest.Name), "the name is empty");
        Require(manifest.Root is null || Path.IsPathFullyQualified(manifest.Root), $"the root '{manifest.Root}' is not an "
            + "absolute path");
        findings.AddRange(ClassListRules.Violations(manifest.Classes));
        CheckLabels();
        CheckItems();
        if (findings.Count > MaxFindings)
        {
            var more = findings.Count - MaxFindings;
            findings.RemoveRange(MaxFindings, more);
            findings.Add($"and {more} more");
        }

        if (findings.Count > 0)
        {
            throw new DatasetException($"The data-set manifest '{name}' is not valid", findings);
        }

        void Require(bool ok, string violation)
        {
            if (!ok)
            {
                findings.Add(violation);
            }
        }

        void CheckLabels()
        {
            var labelled = manifest.Items.Any(item => item?.Label is not null);
            Require(!labelled || manifest.Labels is not null, "images have labels, but 'labels' does not say how they are read");
            Require(labelled || manifest.Labels is null, "'labels' is set, but no image has a label");
            if (manifest.Labels is not { } labels)
            {
                return;
            }

            Require(labels.Channel is >= 0 and <= 3, $"the label channel {labels.Channel} is not in 0..3");
            var count = manifest.Classes.Names.Count;
            foreach (var (raw, trainId) in labels.TrainIds ?? new Dictionary<int, int>())
            {
                Require(raw is >= 0 and <= 65535, $"the raw label value {raw} is not in 0..65535");
                Require((trainId >= 0 && trainId < count) || trainId == ClassList.Ignore, $"the train id {trainId} of raw "
                    + $"value {raw} is not in 0..{count - 1} or 255");
            }
        }

        void CheckItems()
        {
            Require(manifest.Items.Count > 0, "it lists no images");
            var ids = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < manifest.Items.Count; i++)
            {
                if (manifest.Items[i] is not { } item)
                {
                    findings.Add($"item {i} is null");
                    continue;
                }

                Require(item.Id.Length is >= 1 and <= 512 && !item.Id.Any(char.IsControl), $"the id of item {i} has "
                    + $"{item.Id.Length} characters (1 to 512 are allowed) or control characters");
                Require(ids.Add(item.Id), $"the id '{item.Id}' occurs twice");
                Require(item.Attributes.All(pair => pair.Key.Length > 0 && pair.Value is not null), $"'{item.Id}' has an attribute without a name or value");
                CheckFile(item.Image, $"the image of '{item.Id}'");
                if (item.Label is { } label)
                {
                    CheckFile(label, $"the label of '{item.Id}'");
                }
            }
        }

        void CheckFile(DatasetFile file, string what)
        {
            Require(FilePaths.IsSafe(file.Path), $"the path '{file.Path}' of {what} is not relative with '/' and without '.', "
                + "'..' or empty parts");
            Require(file.Sha256.Length == 64 && file.Sha256.All(c => char.IsAsciiHexDigitLower(c)), $"the SHA-256 of {what} "
                + "is not 64 lower-case hexadecimal digits");
            Require(file.SizeBytes > 0, $"the size of {what} is {file.SizeBytes}");
        }
    }
}
