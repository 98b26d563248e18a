using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Tests.PyTorch;

/// <summary>Checkpoints that PyTorch made, and others that are forged of given pickles.</summary>
internal static class Checkpoints
{
    // The pickles that stand before the value in the legacy form: magic number, version, an empty description of the machine.
    private static readonly byte[] LegacyHead =
        Convert.FromHexString("80028a0a6cfc9c46f9206aa850192e" + "80024de9032e" + "80027d2e");

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "PyTorch", "Fixtures", name);

    public static byte[] Fixture(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>A file of the zip form with one storage "0".</summary>
    public static byte[] Zip(byte[] pickle, byte[]? storage = null, string? byteOrder = null, CompressionLevel level = CompressionLevel.NoCompression)
    {
        var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("forged/data.pkl", pickle);
            Add("forged/data/0", storage ?? []);
            if (byteOrder is not null)
            {
                Add("forged/byteorder", Encoding.ASCII.GetBytes(byteOrder));
            }

            void Add(string name, byte[] content)
            {
                using var stream = archive.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        return file.ToArray();
    }

    /// <summary>An archive as torch.jit.save writes it, with a pickle beside its code.</summary>
    public static byte[] Script(byte[] pickle, CompressionLevel level)
    {
        var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in new[] { ("m/data.pkl", pickle), ("m/code/__torch__/model.py", "class Net:\n"u8.ToArray()), ("m/constants.pkl", Pickle(").")) })
            {
                using var stream = archive.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        return file.ToArray();
    }

    /// <summary>A file of the legacy form without storages.</summary>
    public static byte[] Legacy(byte[] pickle) => [.. LegacyHead, .. pickle, .. Pickle("].")];

    /// <summary>A pickle of <c>{'w': tensor}</c> over storage "0" of floats.</summary>
    public static byte[] TensorPickle(long count, long offset, long[] shape, long[] strides, string storage = "FloatStorage") =>
        Pickle($"}}(X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\n{storage}\nX\u0001\0\0\00X\u0003\0\0\0cpuL{count}\ntQL{offset}\n"
            + $"({Numbers(shape)}t({Numbers(strides)}t\u0089ccollections\nOrderedDict\n)RtRu.");

    /// <summary>Bytes of a text whose characters are bytes, behind the header of protocol 2.</summary>
    public static byte[] Pickle(string opcodes) => [0x80, 2, .. Encoding.Latin1.GetBytes(opcodes)];

    public static PyTorchReader Open(byte[] file, string? prefix = null) =>
        PyTorchReader.Open(new MemoryStream(file, writable: false), new PyTorchReaderOptions { Prefix = prefix });

    public static async Task<double[]> ValuesAsync(PyTorchReader reader, PyTorchTensor tensor, CancellationToken cancellationToken)
    {
        var bytes = new byte[tensor.Length];
        await reader.ReadAsync(tensor, bytes, cancellationToken);
        return Decode(tensor.DataType, bytes);
    }

    public static double[] Decode(SafetensorsDataType type, ReadOnlySpan<byte> bytes)
    {
        var values = new double[bytes.Length / type.Size()];
        for (var i = 0; i < values.Length; i++)
        {
            var element = bytes.Slice(i * type.Size(), type.Size());
            values[i] = type switch
            {
                SafetensorsDataType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(element),
                SafetensorsDataType.F32 => BinaryPrimitives.ReadSingleLittleEndian(element),
                SafetensorsDataType.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(element),
                SafetensorsDataType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(element) << 16),
                SafetensorsDataType.I64 => BinaryPrimitives.ReadInt64LittleEndian(element),
                SafetensorsDataType.I32 => BinaryPrimitives.ReadInt32LittleEndian(element),
                SafetensorsDataType.I16 => BinaryPrimitives.ReadInt16LittleEndian(element),
                SafetensorsDataType.I8 => (sbyte)element[0],
                _ => element[0],
            };
        }

        return values;
    }

    private static string Numbers(long[] numbers) => string.Concat(numbers.Select(number => $"L{number}\n"));
}
