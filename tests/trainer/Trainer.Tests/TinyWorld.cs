using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using IntraDA.Data.Synthetic;
using IntraDA.Learning.Networks;

namespace IntraDA.Trainer.Tests;

/// <summary>A store in a directory of its own, with street scenes of 64x64 pixels of both domains.</summary>
internal sealed class TinyWorld : IDisposable
{
    public const int Side = 64;

    private TinyWorld(DirectoryInfo folder)
    {
        Folder = folder;
        Store = new LocalArtifactStore(folder.FullName, TimeProvider.System);
    }

    public DirectoryInfo Folder { get; }

    public IArtifactStore Store { get; }

    /// <summary>Five labelled scenes of the game.</summary>
    public Artifact Source { get; private set; } = null!;

    /// <summary>Four unlabelled scenes of the camera.</summary>
    public Artifact Target { get; private set; } = null!;

    /// <summary>Three labelled scenes of the camera.</summary>
    public Artifact Validation { get; private set; } = null!;

    public static async Task<TinyWorld> CreateAsync()
    {
        var world = new TinyWorld(Directory.CreateTempSubdirectory("intrada-test-"));
        world.Source = await world.PutAsync("source", StreetDomain.Game, 0, 5, labelled: true);
        world.Target = await world.PutAsync("target", StreetDomain.Camera, 0, 4, labelled: false);
        world.Validation = await world.PutAsync("validation", StreetDomain.Camera, 100, 3, labelled: true);
        return world;
    }

    public async Task<Artifact> PutAsync(string name, StreetDomain domain, int first, int count, bool labelled, int classes = 11)
    {
        var generator = new StreetGenerator(new StreetOptions { Width = Side, Height = Side, Seed = 5 });
        var items = new List<DatasetItem>();
        for (var i = first; i < first + count; i++)
        {
            var scene = generator.Render(domain, i);
            items.Add(new DatasetItem
            {
                Id = $"{name}-{i}",
                Image = await PutFileAsync(ImageEncoder.EncodePng(new RgbImage(Side, Side, scene.Rgb))),
                Label = labelled ? await PutFileAsync(LabelMapWriter.EncodePng(new LabelMap(Side, Side, scene.TrainIds))) : null,
            });
        }

        return await PutAsync(name, classes, labelled, items);
    }

    public Task<Artifact> PutAsync(string name, int classes, bool labelled, IReadOnlyList<DatasetItem> items) => Store.PutBytesAsync(
        $"manifests/{name}.json",
        DatasetManifestJson.Serialize(new DatasetManifest
        {
            Name = name,
            Classes = new ClassList
            {
                Names = [.. StreetClasses.Names.Take(classes)],
                Palette = StreetClasses.Palette[..(3 * classes)].ToArray(),
            },
            Labels = labelled ? new LabelEncoding() : null,
            Items = items,
        }),
        DatasetManifest.MediaType,
        TestContext.Current.CancellationToken);

    public async Task<DatasetManifest> ReadAsync(Artifact manifest) => DatasetManifestJson.Parse(
        await Store.ReadBytesAsync(manifest, 1 << 20, TestContext.Current.CancellationToken), manifest.Key);

    /// <summary>A short training of the compact network with everything random switched on.</summary>
    public TrainingSpec Spec(AdaptationMethod method, int iterations = 6)
    {
        var size = new ImageSize { Width = Side, Height = Side };
        return new TrainingSpec
        {
            Architecture = Architectures.Compact,
            Labelled = { new LabelledSet { Dataset = Source } },
            Unlabelled = method == AdaptationMethod.SourceOnly ? null : Target,
            Device = "cpu",
            Options = new TrainingOptions
            {
                Method = method,
                Iterations = iterations,
                ScheduleIterations = 1_000_000,
                LearningRate = 0.01,
                HeadLearningRateFactor = 1,
                LabelledSize = size,
                UnlabelledSize = size,
                Flip = true,
                PhotometricAugmentation = true,
                Seed = 11,
                CheckpointEvery = 2,
                DiscriminatorWidth = 4,
            },
        };
    }

    public void Dispose() => Folder.Delete(recursive: true);

    private async Task<DatasetFile> PutFileAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var artifact = await Store.PutBlobAsync(stream, "image/png", TestContext.Current.CancellationToken);
        return new DatasetFile { Path = artifact.Key, Sha256 = artifact.Sha256, SizeBytes = artifact.SizeBytes };
    }
}
