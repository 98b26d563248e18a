namespace IntraDA.Trainer.Loading;

/// <summary>A decoded image at training size.</summary>
/// <param name="Rgb">RGB bytes, <c>[3, H, W]</c>.</param>
/// <param name="TrainIds">Train ids, <c>[H, W]</c>, 255 = ignore; null for an unlabelled image.</param>
public sealed record Sample(byte[] Rgb, byte[]? TrainIds)
{
    /// <summary>Bytes it takes in a cache.</summary>
    public long SizeBytes => Rgb.Length + (TrainIds?.Length ?? 0);
}
