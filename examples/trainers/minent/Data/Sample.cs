namespace MinEntTrainer.Data;

/// <summary>An image at the size of the training.</summary>
/// <param name="Rgb">Planes of R, G and B on the scale 0 to 255, <c>[3, H, W]</c>.</param>
/// <param name="TrainIds"><c>[H, W]</c>, 255 is ignored; null where labels are not read.</param>
internal sealed record Sample(byte[] Rgb, byte[]? TrainIds);
