using IntraDA.Cli.Adapt;

namespace IntraDA.Cli.Studies;

/// <summary>What all cells of a study have in common.</summary>
/// <param name="Settings">The workflow's settings.</param>
/// <param name="IntraLearningRate">Learning rate of step two and of its control; null: the recipe's.</param>
internal sealed record StudySettings(AdaptSettings Settings, double? IntraLearningRate);
