using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Labels;
using IntraDA.Gateway.Reporting.Gallery;

namespace IntraDA.Gateway.Reporting.Tests.Samples;

/// <summary>Predicts the truth with blocks of it mistaken, uncertain where labels change: no network is at hand in these tests.</summary>
internal sealed class SamplePredictor(IReadOnlyDictionary<string, LabelMap> truth) : IGalleryPredictor
{
    private const int Block = 8;

    public Task<IReadOnlyList<GalleryPrediction>> PredictAsync(
        Artifact checkpoint, IReadOnlyList<GalleryImage> images, CancellationToken cancellationToken)
    {
        var wrong = checkpoint.Key.Contains("intra", StringComparison.Ordinal) ? 8 : 5;
        return Task.FromResult<IReadOnlyList<GalleryPrediction>>([.. images.Select(i => Predict(i.Id, wrong))]);
    }

    private GalleryPrediction Predict(string id, int wrong)
    {
        var map = truth[id];
        var labels = new byte[map.TrainIds.Length];
        var entropy = new byte[labels.Length];
        for (var y = 0; y < map.Height; y++)
        {
            for (var x = 0; x < map.Width; x++)
            {
                var at = (y * map.Width) + x;
                // The label of the block's corner: boundaries become coarse, as those of a network with output stride 8.
                var corner = map.TrainIds[(y / Block * Block * map.Width) + (x / Block * Block)];
                var mistaken = ((x / Block * 7) + (y / Block * 13)) % wrong == 0;
                labels[at] = mistaken ? (byte)((corner + 1) % 11) : corner;
                var border = x + Block < map.Width && y + Block < map.Height
                    && (map.TrainIds[at + Block] != map.TrainIds[at] || map.TrainIds[at + (Block * map.Width)] != map.TrainIds[at]);
                entropy[at] = (byte)((border ? 170 : 30) + (mistaken ? 60 : 0) + ((x * 3 + y * 5) % 20));
            }
        }

        return new GalleryPrediction(
            id, PngWriter.Gray8(map.Width, map.Height, labels), PngWriter.Gray8(map.Width, map.Height, entropy), Error: null);
    }
}
