namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>What a network reached on the validation set.</summary>
/// <param name="Network">The network.</param>
/// <param name="Miou">Mean IoU in percent; null where it was not evaluated.</param>
/// <param name="Miou13">The published mIoU* over 13 of 16 classes in percent; null where it was not evaluated or the classes are others.</param>
/// <param name="PixelAccuracy">Share of labelled pixels predicted right, in percent; null where it was not evaluated.</param>
/// <param name="ClassIou">IoU per train id in percent, null for a class that does not occur; empty where it was not evaluated.</param>
public sealed record NetworkResult(
    Network Network, double? Miou, double? Miou13, double? PixelAccuracy, IReadOnlyList<double?> ClassIou);
