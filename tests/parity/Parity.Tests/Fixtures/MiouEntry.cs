namespace IntraDA.Parity.Tests.Fixtures;

/// <summary>Histogram (truth by prediction), IoU per class and its mean.</summary>
internal sealed record MiouEntry(double[][] Histogram, double?[] Iou, double Mean);
