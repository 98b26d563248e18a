using System.IO.Compression;
using System.Text;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Tests.PyTorch;

public sealed class DamagedFileTests
{
    private const int Timeout = 180_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = Timeout)]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    [InlineData("imagenet_prefixed_legacy.pth")]
    public async Task Every_truncation_is_refused_in_a_sentence(string name)
    {
        var file = Checkpoints.Fixture(name);
        for (var length = 0; length < file.Length; length++)
        {
            var error = await Assert.ThrowsAsync<ArtifactFormatException>(() => ReadAllAsync(file[..length]));
            Assert.DoesNotContain('\n', error.Message);
            Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory(Timeout = Timeout)]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    [InlineData("hostile_zip.pth")]
    [InlineData("hostile_legacy.pth")]
    public async Task Any_flipped_byte_gives_tensors_or_a_sentence(string name)
    {
        var file = Checkpoints.Fixture(name);
        foreach (var mask in new byte[] { 0x01, 0x20, 0x80, 0xff })
        {
            for (var at = 0; at < file.Length; at++)
            {
                file[at] ^= mask;
                try
                {
                    await ReadAllAsync(file);
                }
                catch (ArtifactFormatException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                }

                file[at] ^= mask;
            }
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_flipped_byte_of_a_zipped_storage_is_found_by_its_check_sum()
    {
        var pickle = Checkpoints.TensorPickle(2, 0, [2], [1]);
        var file = Checkpoints.Zip(pickle, [1, 2, 3, 4, 5, 6, 7, 8]);
        var at = file.AsSpan().IndexOf(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });
        file[at] ^= 1;
        var reader = Checkpoints.Open(file);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = await Assert.ThrowsAsync<ArtifactFormatException>(() => Checkpoints.ValuesAsync(reader, reader.Tensors[0], Token));
            Assert.Contains("check sum of tensor 'w'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_no_checkpoint_is_called_so()
    {
        Says("empty", []);
        Says("no PyTorch checkpoint", Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>Not found</body></html>"));
        Says("no PyTorch checkpoint", new byte[64]);
        Says("torch.save did not write", Checkpoints.Pickle("}."));
        Says("without data.pkl", Archive("readme.txt"));
        Says("TorchScript", Archive("m/data.pkl", "m/constants.pkl", "m/code/__torch__.py"));
        Says("several data.pkl", Archive("a/data.pkl", "b/data.pkl"));
        Says("occurs twice", Archive("a/data.pkl", "a/data.pkl"));
        Says("single tensor", Checkpoints.Zip([.. Checkpoints.TensorPickle(1, 0, [1], [1]).AsSpan(0, 2), .. Checkpoints.TensorPickle(1, 0, [1], [1]).AsSpan(10..^2), (byte)'.'], new byte[4]));
        Says("no state dict", Checkpoints.Zip(Checkpoints.Pickle("K\u0001.")));
        Says("no tensor", Checkpoints.Zip(Checkpoints.Pickle("}.")));
        var safetensors = new MemoryStream();
        await SafetensorsWriter.WriteAsync(safetensors, [new("w", SafetensorsDataType.U8, [1], new byte[1])], null, Token);
        Says("safetensors", safetensors.ToArray());
    }

    [Fact]
    public void A_compressed_archive_is_refused() =>
        Says("compressed", Checkpoints.Zip(Checkpoints.TensorPickle(1000, 0, [1000], [1]), new byte[4000], level: CompressionLevel.Optimal));

    private static void Says(string part, byte[] file) =>
        Assert.Contains(part, Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(file)).Message, StringComparison.Ordinal);

    private static byte[] Archive(params string[] names)
    {
        var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in names)
            {
                archive.CreateEntry(name, CompressionLevel.NoCompression).Open().Dispose();
            }
        }

        return file.ToArray();
    }

    private static async Task ReadAllAsync(byte[] file)
    {
        var reader = Checkpoints.Open(file);
        foreach (var tensor in reader.Tensors.Where(tensor => tensor.Length < 1 << 20))
        {
            await reader.CopyToAsync(tensor, Stream.Null, Token);
        }
    }
}
