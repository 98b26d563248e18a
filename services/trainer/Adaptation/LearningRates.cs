namespace IntraDA.Trainer.Adaptation;

/// <summary>Learning rates of one iteration.</summary>
/// <param name="Network">Backbone of the segmentation network.</param>
/// <param name="Discriminator">Both discriminators.</param>
public readonly record struct LearningRates(double Network, double Discriminator);
