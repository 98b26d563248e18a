namespace IntraDA.Artifacts.Formats;

/// <summary>What was predicted for one image.</summary>
/// <param name="Id">Id of the image in its data set.</param>
/// <param name="LabelMap">8-bit PNG of train ids.</param>
/// <param name="ConfidenceMap">16-bit greyscale PNG of round(65535 p), p the probability of the predicted class; null where none was asked for.</param>
public sealed record PredictionItem(string Id, StoredArtifact LabelMap, StoredArtifact? ConfidenceMap);
