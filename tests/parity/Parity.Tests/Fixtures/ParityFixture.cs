using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Preprocessing;
using static TorchSharp.torch;

namespace IntraDA.Parity.Tests.Fixtures;

/// <summary>The fixtures, and the product's networks with their weights.</summary>
public sealed class ParityFixture : IDisposable
{
    private static readonly Lazy<(string Folder, ParityDocument Document)> Source = new(() =>
    {
        var folder = FixtureFolder.Find();
        return (folder, ParityDocument.Read(folder));
    });

    private readonly Dictionary<string, Tensor> _arrays = [];

    internal ParityDocument Document { get; } = Source.Value.Document;

    public ParityFixture()
    {
        // Sums are formed in another order with more threads, and the machine is shared.
        set_num_threads(1);
        using var file = File.OpenRead(Path.Combine(Source.Value.Folder, "parity.safetensors"));
        var reader = SafetensorsReader.OpenAsync(file, CancellationToken.None).GetAwaiter().GetResult();
        foreach (var entry in reader.Tensors)
        {
            _arrays[entry.Name] = TensorBytes.Read(reader, entry);
        }
    }

    /// <summary>Names of the published runs, e.g. "advent_published"; known before any test runs.</summary>
    public static IEnumerable<string> Runs => Source.Value.Document.Training.Keys;

    public static TensorPlacement Widened { get; } = new(ScalarType.Float64, CPU);

    /// <summary>An array of <c>parity.safetensors</c>; owned here.</summary>
    public Tensor Array(string name) => _arrays[name];

    public RgbImage Image(int index) => ImageDecoder.Decode(Bytes("images", Document.Images[index]), Document.Images[index], new ImageLimits());

    /// <summary>The network's input for an image, <c>[1, 3, H, W]</c>.</summary>
    public Tensor Input(int index, TensorPlacement placement)
    {
        using var scope = NewDisposeScope();
        var resized = tensor(Resized(index), [1, 3, Document.Height, Document.Width]);
        return ImagePreprocessor.Normalize(resized, placement.Type, placement.Device).MoveToOuterDisposeScope();
    }

    /// <summary>An image at the network's size, RGB bytes, <c>[3, H, W]</c>.</summary>
    public byte[] Resized(int index)
    {
        using var scope = NewDisposeScope();
        var image = Image(index);
        return ImagePreprocessor.Resize(image.Pixels, image.Width, image.Height, Document.Width, Document.Height).bytes.ToArray();
    }

    /// <summary>A label map at the network's size.</summary>
    public LabelMap Label(int index) => LabelMapReader
        .Read(Bytes("labels", Document.Labels[index]), encoding: null, Document.Classes, Document.Labels[index], new ImageLimits())
        .ResizeNearest(Document.Width, Document.Height);

    /// <summary>The network in plain closed form.</summary>
    public DeepLabV2 Network(TensorPlacement placement)
    {
        var network = new DeepLabV2("parity", Document.Layers, Document.Classes, placement);
        ClosedForm.Fill(network.Tensors, Document.NetworkParameters, Document.Seed);
        return network;
    }

    /// <summary>The network of the inference arrays.</summary>
    public DeepLabV2 InferenceNetwork(TensorPlacement placement)
    {
        var network = Network(placement);
        ClosedForm.ChangeClassifiers(network, Document.InferenceClassifier);
        return network;
    }

    public Discriminator Discriminator(TensorPlacement placement)
    {
        var width = (int)Document.DiscriminatorParameters[0].Shape[0];
        var discriminator = new Discriminator(Document.Classes, width, placement);
        ClosedForm.Fill(discriminator.Tensors, Document.DiscriminatorParameters, Document.Seed);
        return discriminator;
    }

    public void Dispose()
    {
        foreach (var array in _arrays.Values)
        {
            array.Dispose();
        }
    }

    private static byte[] Bytes(string folder, string name) => File.ReadAllBytes(Path.Combine(Source.Value.Folder, folder, name));
}
