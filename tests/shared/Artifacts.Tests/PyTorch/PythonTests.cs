using System.Diagnostics;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Tests.PyTorch;

/// <summary>What is written here, read by PyTorch itself.</summary>
public sealed class PythonTests
{
    private const int Timeout = 180_000;
    private const string Python = "/usr/bin/python3";

    private const string Script =
        """
        import json, struct, sys
        import torch
        pth, safetensors, original = sys.argv[1:]
        with open(safetensors, 'rb') as f:
            raw = f.read()
        n = struct.unpack('<Q', raw[:8])[0]
        header = json.loads(raw[8:8 + n])
        header.pop('__metadata__', None)
        types = {'F32': torch.float32, 'F64': torch.float64, 'F16': torch.float16, 'BF16': torch.bfloat16, 'U8': torch.uint8,
                 'I8': torch.int8, 'I16': torch.int16, 'I32': torch.int32, 'I64': torch.int64, 'BOOL': torch.bool}
        def plain(entry):
            a, b = entry['data_offsets']
            data = bytearray(raw[8 + n + a:8 + n + b])
            tensor = torch.frombuffer(data, dtype=types[entry['dtype']]) if data else torch.empty(0, dtype=types[entry['dtype']])
            return tensor.reshape(entry['shape'])
        loaded = torch.load(pth, weights_only=True)
        wanted = torch.load(original) if original != '-' else {k: plain(v) for k, v in header.items()}
        assert set(loaded) == set(wanted) == set(header), (list(loaded), list(wanted), list(header))
        if original != '-':
            assert list(loaded) == list(wanted)
        def same(a, b):
            view = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}[a.element_size()]
            a, b = a.detach().contiguous(), b.detach().contiguous()
            return a.dtype == b.dtype and a.shape == b.shape and (a.numel() == 0 or torch.equal(a.reshape(-1).view(view), b.reshape(-1).view(view)))
        for name in wanted:
            assert loaded[name].is_contiguous(), name
            assert same(loaded[name], wanted[name]), name
            assert same(plain(header[name]), wanted[name]), name
        print('equal', len(wanted))
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = Timeout)]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    public async Task PyTorch_reads_back_what_it_saved(string fixture)
    {
        var reader = Checkpoints.Open(Checkpoints.Fixture(fixture));
        await CheckAsync([.. reader.Tensors.Select(tensor => CheckpointConversion.ToEntry(reader, tensor))], Checkpoints.PathOf(fixture));
    }

    [Fact(Timeout = Timeout)]
    public Task PyTorch_reads_every_type_that_is_written() => CheckAsync(WriterTests.Samples(), "-");

    private static async Task CheckAsync(IReadOnlyList<SafetensorsEntry> entries, string original)
    {
        if (!File.Exists(Python) || (await RunAsync("-c", "import torch")).Exit != 0)
        {
            Assert.Skip("Python with PyTorch is not installed (Debian: apt-get install python3-torch), so nothing else reads what is written.");
        }

        var folder = Directory.CreateTempSubdirectory("intrada-pth-");
        try
        {
            var (pth, safetensors) = (Path.Combine(folder.FullName, "a.pth"), Path.Combine(folder.FullName, "a.safetensors"));
            await using (var stream = File.Create(pth))
            {
                await PyTorchWriter.WriteAsync(stream, entries, Token);
            }

            await using (var stream = File.Create(safetensors))
            {
                await SafetensorsWriter.WriteAsync(stream, entries, new Dictionary<string, string> { ["format"] = "pt" }, Token);
            }

            var (exit, output) = await RunAsync("-c", Script, pth, safetensors, original);
            Assert.True(exit == 0, output);
            Assert.Contains($"equal {entries.Count}", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int Exit, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output + await error);
    }
}
