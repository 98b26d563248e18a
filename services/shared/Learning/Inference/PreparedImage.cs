namespace IntraDA.Learning.Inference;

/// <summary>An image at the size of a network's input.</summary>
/// <param name="Width">Width of the image it was made of, pixels.</param>
/// <param name="Height">Height of that image, pixels.</param>
/// <param name="Pixels">RGB at the size of the network's input, <c>[H, W, 3]</c>.</param>
public sealed record PreparedImage(int Width, int Height, byte[] Pixels);
