using IntraDA.Data.Manifests;

namespace IntraDA.Trainer.Training;

/// <summary>A labelled set of a plan.</summary>
/// <param name="Manifest">The set.</param>
/// <param name="Weight">Factor on its cross-entropy, above 0.</param>
/// <param name="AdversaryOnly">Whether its labels stay closed: it only stands on the adversary's source side.</param>
public sealed record PlannedSet(DatasetManifest Manifest, double Weight, bool AdversaryOnly = false);
