namespace IntraDA.Learning.Inference.Fast;

/// <summary>How a square convolution walks over its input.</summary>
/// <param name="Stride">Pixels.</param>
/// <param name="Padding">Zeros on each side, pixels.</param>
/// <param name="Dilation">Spacing of the taps, pixels.</param>
internal readonly record struct ConvGeometry(long Stride, long Padding, long Dilation);
