using IntraDA.Artifacts.Formats;
using IntraDA.Data.Manifests;
using IntraDA.Hosting.Errors;

namespace IntraDA.Ranker.PseudoLabels;

/// <summary>The four inputs of pseudo-labelling, matched against one another.</summary>
/// <param name="Dataset">The target data set.</param>
/// <param name="Easy">Its easy images with their predictions, easiest first.</param>
/// <param name="Hard">Its hard images, easiest first.</param>
public sealed record PseudoLabelInputs(
    DatasetManifest Dataset, IReadOnlyList<(DatasetItem Item, PredictionItem Prediction)> Easy, IReadOnlyList<DatasetItem> Hard)
{
    /// <summary>Matches the inputs.</summary>
    /// <param name="dataset">The target data set.</param>
    /// <param name="predictions">Its predictions.</param>
    /// <param name="easy">Ids of the easy images.</param>
    /// <param name="hard">Ids of the hard images.</param>
    /// <param name="rule">The rule, which may need confidence maps.</param>
    /// <returns>The matched inputs.</returns>
    /// <exception cref="ServiceException">An image is unknown, on both lists, or lacks what the rule needs.</exception>
    public static PseudoLabelInputs Match(
        DatasetManifest dataset, PredictionsManifest predictions, IReadOnlyList<string> easy, IReadOnlyList<string> hard, PseudoLabelRule rule)
    {
        var items = dataset.Items.ToDictionary(item => item.Id, StringComparer.Ordinal);
        var predicted = predictions.Items.ToDictionary(item => item.Id, StringComparer.Ordinal);
        var both = easy.Intersect(hard, StringComparer.Ordinal).FirstOrDefault();
        var validator = new RequestValidator();
        validator.Require(easy.Count + hard.Count > 0, "easy_split", "Neither split names an image; rank a data set that has some.");
        validator.Require(both is null, "hard_split", $"'{both}' is on both splits.");
        RequireKnown(validator, items, easy, "easy_split", dataset.Name);
        RequireKnown(validator, items, hard, "hard_split", dataset.Name);
        var missing = easy.FirstOrDefault(id => !predicted.ContainsKey(id));
        validator.Require(missing is null, "predictions", $"The easy image '{missing}' has no prediction; score the data set that was ranked.");
        validator.ThrowIfAny();

        var unsure = rule.NeedsConfidence ? easy.FirstOrDefault(id => predicted[id].ConfidenceMap is null) : null;
        return unsure is null
            ? new PseudoLabelInputs(dataset, [.. easy.Select(id => (items[id], predicted[id]))], [.. hard.Select(id => items[id])])
            : throw ServiceException.FailedPrecondition(
                "CONFIDENCE_MAPS_MISSING", $"The prediction of '{unsure}' has no confidence map, which the policy needs; score with confidence maps.");
    }

    private static void RequireKnown(
        RequestValidator validator, Dictionary<string, DatasetItem> items, IReadOnlyList<string> ids, string field, string dataset)
    {
        var unknown = ids.FirstOrDefault(id => !items.ContainsKey(id));
        validator.Require(unknown is null, field, $"'{unknown}' is no image of the data set '{dataset}'.");
    }
}
