using System.IO.Compression;
using System.Text;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.PyTorch;

namespace IntraDA.Artifacts.Tests.PyTorch;

public sealed class ForgedPickleTests
{
    private const int Timeout = 60_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Forbidden => new()
    {
        // Never called: found all the same.
        { "posix.system", "cposix\nsystem\n." },
        { "posix.system", "}(X\u0001\0\0\0acposix\nsystem\nu." },
        { "posix.system", "cposix\nsystem\nX\u0002\0\0\0id\u0085R." },
        { "os.system", "\u008c\u0002os\u008c\u0006system\u0093." },
        { "os.system", "X\u0002\0\0\0osX\u0006\0\0\0system\u0093)R." },
        { "os.system", "(S'id'\nios\nsystem\n." },
        { "collections.OrderedDict", "(icollections\nOrderedDict\n." },
        { "subprocess.Popen", "(csubprocess\nPopen\nX\u0002\0\0\0ido." },
        { "subprocess.Popen", "csubprocess\nPopen\n)\u0081." },
        { "subprocess.Popen", "csubprocess\nPopen\n)}\u0092." },
        { "copyreg extension 7", "\u0082\u0007." },
        { "copyreg extension 7", "\u0083\u0007\0." },
        { "copyreg extension 7", "\u0084\u0007\0\0\0." },
        { "builtins.eval", "cbuiltins\neval\n." },
        { "__builtin__.eval", "c__builtin__\neval\n." },
        { "builtins.getattr", "cbuiltins\ngetattr\n." },
        { "collections.OrderedDict.__init__", "\u008c\u000bcollections\u008c\u0014OrderedDict.__init__\u0093." },
        { "torch.load", "ctorch\nload\n." },
        { "torch.storage._load_from_bytes", "ctorch.storage\n_load_from_bytes\n." },
        { "torch._utils._rebuild_device_tensor_from_numpy", "ctorch._utils\n_rebuild_device_tensor_from_numpy\n." },
        { "numpy.core.multiarray._reconstruct", "cnumpy.core.multiarray\n_reconstruct\n." },
        { "model.Net", "cmodel\nNet\n)\u0081}b." },
        { ".", "c\n\n." },
        { "_codecs.decode", "c_codecs\ndecode\nX\u0001\0\0\0aX\u0006\0\0\0latin1\u0086R." },
        { "codecs.encode", "ccodecs\nencode\n." },
    };

    public static TheoryData<string> Damaged => new()
    {
        "", ".", "0.", "1.", "2.", "(.", "a.", "e.", "s.", "u.", "R.", "b.", "Q.", "\u0085.", "\u0094.", "g5\n.", "h\u0005.", "j\u0005\0\0\0.", "\u0093.", "t.", "d.",
        "K\u0001K\u0002a.", "]K\u0001s.", "](K\u0001u.", "}(K\u0001u.", "}(K\u0001e.", "K\u0001)R.", "K\u0001Q.", "}K\u0001K\u0002\u0093.", "\u008fK\u0001a.",
        "ctorch\nFloatStorage\n)R.", "ctorch\nfloat32\n)R.", "ctorch._utils\n_rebuild_tensor_v2\n)R.", "ctorch._utils\n_rebuild_parameter\n)R.",
        "ccollections\nOrderedDict\nK\u0001\u0085R.", "ccollections\nOrderedDict\n](K\u0001e\u0085R.", "ctorch\nSize\nK\u0001\u0085R.",
        "}]K\u0001s.", "X\u00ff\u00ff\u00ff\u00ffabc.", "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffabc.", "T\u00ff\u00ff\u00ff\u00ffabc.", "X\u0001\0\0\0\u00ff.",
        "\u008b\u00ff\u00ff\u00ff\u007f.", "Iabc\n.", "Fabc\n.", "Sabc\n.", "\u0080\u0063.", "\u0097.", "\u00ff.", "P1\n.",
        "(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuJ\u00ff\u00ff\u00ff\u00fftQ.",
        "(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuL9223372036854775807\ntQ.",
        "(X\u0007\0\0\0storagectorch.storage\nTypedStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0001tQ.",
        "(X\u0006\0\0\0moduleK\u0001K\u0001K\u0001tQ.",
        "c_codecs\nencode\nX\u0001\0\0\0aX\u0005\0\0\0rot13\u0086R.", "c_codecs\nencode\nX\u0001\0\0\0aX\u0006\0\0\0base64\u0086R.",
        "c_codecs\nencode\nX\u0001\0\0\0a\u0085R.", "c_codecs\nencode\nX\u0002\0\0\0\u00c4\u0080X\u0006\0\0\0latin1\u0086R.",
        "c__builtin__\nbytes\nK\u0001\u0085R.", "c__builtin__\nbytearray\nJ\u00ff\u00ff\u00ff\u007f\u0085R.", "c__builtin__\nbytes\nX\u0001\0\0\0a\u0085R.",
        "ctorch._utils\n_rebuild_tensor_v3\n)R.",
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void A_forbidden_name_is_refused_in_either_form(string name, string opcodes)
    {
        foreach (var file in new[] { Checkpoints.Zip(Checkpoints.Pickle(opcodes)), Checkpoints.Legacy(Checkpoints.Pickle(opcodes)), Checkpoints.Pickle(opcodes) })
        {
            Assert.Equal(name, Assert.Throws<ForbiddenGlobalException>(() => Checkpoints.Open(file)).Global);
        }
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_pickle_that_makes_no_sense_is_refused_in_a_sentence(string opcodes)
    {
        var error = Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(Checkpoints.Pickle(opcodes))));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("ccollections\nOrderedDict\n)\u0081.")]
    [InlineData("ccollections\nOrderedDict\n)}\u0092.")]
    [InlineData("(ccollections\nOrderedDict\no.")]
    [InlineData("}}b.")]
    [InlineData("ccollections\nOrderedDict\n}b.")]
    [InlineData("ccollections\nOrderedDict\n)RK\u0001b.")]
    public void Objects_are_not_made_and_not_changed_even_of_known_classes(string opcodes) =>
        Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(Checkpoints.Pickle(opcodes))));

    [Fact]
    public void The_version_table_of_a_module_is_passed_over()
    {
        var tensor = Encoding.Latin1.GetString(Checkpoints.TensorPickle(1, 0, [1], [1]))[4..^2];
        var reader = Checkpoints.Open(Checkpoints.Zip(
            Checkpoints.Pickle($"ccollections\nOrderedDict\n)R({tensor}u}}X\u0009\0\0\0_metadataccollections\nOrderedDict\n)Rsb."), new byte[4]));
        Assert.Equal("w", Assert.Single(reader.Tensors).Name);
    }

    [Fact]
    public void Sets_sizes_types_and_numbers_of_every_protocol_are_plain_values()
    {
        var tensor = Encoding.Latin1.GetString(Checkpoints.TensorPickle(1, 0, [1], [1]))[4..^2];
        string[] values =
        [
            "c__builtin__\nset\n](K\u0001K\u0002e\u0085R", "\u008f(K\u0001\u0090", "(K\u0001\u0091", "ctorch\nSize\nK\u0001\u0085\u0085R", "ctorch\nfloat32\n", "(lp0\nI1\na",
            "(dp1\nS'a'\nI01\ns", "F1.5\n", "G\u003f\u00f0\0\0\0\0\0\0", "L5L\n", "V\\u00e9\n", "U\u0001a", "C\u0001a", "\u0096\u0001\0\0\0\0\0\0\0a", "N", "J\u00ff\u00ff\u00ff\u00ff", "M\u0001\u0001", "(t", "\u008a\u0001\u00ff",
        ];
        var beside = string.Concat(values.Select((value, i) => $"K{(char)i}{value}"));
        var reader = Checkpoints.Open(Checkpoints.Zip(Checkpoints.Pickle($"}}({beside}{tensor}u."), new byte[4]));
        Assert.Equal(values.Length, reader.Others.Count);
        Assert.Equal("w", Assert.Single(reader.Tensors).Name);
    }

    [Theory]
    [InlineData(4, 0, new long[] { 5 }, new long[] { 1 })]
    [InlineData(4, 4, new long[] { 1 }, new long[] { 1 })]
    [InlineData(4, -1, new long[] { 1 }, new long[] { 1 })]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 3, 1 })]
    [InlineData(4, 0, new long[] { 2 }, new long[] { -1 })]
    [InlineData(4, 0, new long[] { -2 }, new long[] { 1 })]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 1 })]
    [InlineData(4, 0, new long[] { 1L << 40, 1L << 40 }, new long[] { 0, 0 })]
    [InlineData(4, 0, new long[] { 1L << 62 }, new long[] { 0 })]
    [InlineData(4, 0, new long[] { 1L << 40 }, new long[] { 0 })]
    [InlineData(4, 0, new long[] { 3 }, new long[] { 1L << 62 })]
    [InlineData(4, long.MaxValue, new long[] { 2 }, new long[] { 1 })]
    [InlineData(5, 0, new long[] { 4 }, new long[] { 1 })]
    [InlineData(1L << 60, 0, new long[] { 4 }, new long[] { 1 })]
    public void A_tensor_that_does_not_lie_within_its_storage_or_is_too_large_is_refused(long count, long offset, long[] shape, long[] strides)
    {
        var file = Checkpoints.Zip(Checkpoints.TensorPickle(count, offset, shape, strides), new byte[16]);
        Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(file));
    }

    [Fact]
    public void A_tensor_of_too_many_dimensions_is_refused()
    {
        var ones = Enumerable.Repeat(1L, 33).ToArray();
        Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(Checkpoints.TensorPickle(1, 0, ones, ones), new byte[4])));
    }

    [Fact]
    public void Complex_tensors_are_named_as_unsupported()
    {
        var error = Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(
            Checkpoints.Zip(Checkpoints.TensorPickle(1, 0, [1], [1], "ComplexFloatStorage"), new byte[8])));
        Assert.Contains("'w' is of type complex64", error.Message, StringComparison.Ordinal);
    }

    // As Python pickles bytes, none, a bytearray and an empty one with protocol 2.
    [Fact]
    public void Bytes_as_protocol_2_spells_them_are_plain_values()
    {
        var tensor = Encoding.Latin1.GetString(Checkpoints.TensorPickle(1, 0, [1], [1]))[4..^2];
        string[] values =
        [
            "c_codecs\nencode\nX\u0003\0\0\0\u00c3\u00bfaX\u0006\0\0\0latin1\u0086R", "c__builtin__\nbytes\n)R", "cbuiltins\nbytes\n)R",
            "c__builtin__\nbytearray\nc_codecs\nencode\nX\u0002\0\0\0\u00c3\u00beX\u0006\0\0\0latin1\u0086R\u0085R", "c__builtin__\nbytearray\n)R",
        ];
        var beside = string.Concat(values.Select((value, i) => $"K{(char)i}{value}"));
        var reader = Checkpoints.Open(Checkpoints.Zip(Checkpoints.Pickle($"}}({beside}{tensor}u."), new byte[4]));
        Assert.Equal(values.Length, reader.Others.Count);
        Assert.Equal("w", Assert.Single(reader.Tensors).Name);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_text_that_is_encoded_over_and_over_is_refused()
    {
        var text = new string('a', 1 << 20);
        var again = string.Concat(Enumerable.Repeat("h\0h\u0001h\u0002\u0086R0", 100));
        var file = Checkpoints.Zip(Checkpoints.Pickle(
            $"c_codecs\nencode\nq\0X\0\0\u0010\0{text}q\u0001X\u0006\0\0\0latin1q\u0002{again}."));
        var error = await Task.Run(() => Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(file)), Token);
        Assert.Contains("its bytes take more than", error.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("c__builtin__\nset\n", "K\u0001")]
    [InlineData("ccollections\nOrderedDict\n", "K\u0001K\u0002\u0086")]
    public async Task A_list_that_is_copied_over_and_over_is_refused(string constructor, string item)
    {
        // Each copy takes four bytes of the file, a hundred copies of a hundred thousand items are more than all values that may be.
        var items = string.Concat(Enumerable.Repeat(item, 100_000));
        var again = string.Concat(Enumerable.Repeat("h\0h\u0001R0", 100));
        var file = Checkpoints.Zip(Checkpoints.Pickle($"{constructor}q\0]({items}e\u0085q\u0001{again}."));
        var error = await Task.Run(() => Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(file)), Token);
        Assert.Contains("there are more than", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("neg")]
    [InlineData("conj")]
    public void A_view_that_only_PyTorch_resolves_is_refused_with_what_resolves_it(string mark)
    {
        var tensor = Encoding.Latin1.GetString(Checkpoints.TensorPickle(1, 0, [1], [1]));
        Assert.Equal("w", Assert.Single(Checkpoints.Open(Checkpoints.Zip(Marked("\u0089"), new byte[4])).Tensors).Name);
        var error = Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(Marked("\u0088"), new byte[4])));
        Assert.Contains($"resolve_{mark}()", error.Message, StringComparison.Ordinal);

        byte[] Marked(string value) => Encoding.Latin1.GetBytes(tensor.Replace(
            ")RtRu.", $")R}}X{(char)mark.Length}\0\0\0{mark}{value}stRu.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_small_file_cannot_make_a_large_one()
    {
        var error = Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(Checkpoints.TensorPickle(1, 0, [1 << 30], [0]), new byte[4])));
        Assert.Contains("tensor 'w'", error.Message, StringComparison.Ordinal);
        Assert.Equal(4L << 20, Assert.Single(Checkpoints.Open(Checkpoints.Zip(Checkpoints.TensorPickle(1, 0, [1 << 20], [0]), new byte[4])).Tensors).Length);
    }

    [Theory]
    [InlineData("", "has no name")]
    [InlineData("w\u001b[2J", "'w?[2J'")]
    [InlineData("w\u2028", "control characters")]
    [InlineData("w\u202e", "control characters")]
    public void Names_that_cannot_be_shown_are_refused(string name, string part)
    {
        var error = Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(Checkpoints.Pickle($"}}({Named(name)}u."), new byte[4])));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    // A counter or a score beside a network that somebody wrapped in a name of their own.
    [Theory]
    [InlineData("model_state", 2)]
    [InlineData("my_network", 2)]
    [InlineData("my_network", 1)]
    public void The_network_is_found_beside_single_tensors(string wrapper, int tensors)
    {
        var network = string.Concat(Enumerable.Range(0, tensors).Select(i => Named($"conv{i}")));
        var beside = tensors > 1 ? Named("iteration") : "";
        var reader = Checkpoints.Open(Checkpoints.Zip(Checkpoints.Pickle($"}}({beside}X{(char)wrapper.Length}\0\0\0{wrapper}}}({network}uu."), new byte[4]));
        Assert.Equal(tensors, reader.Tensors.Count);
        Assert.Equal("conv0", reader.Tensors[0].Name);
    }

    [Fact]
    public void A_network_with_extra_state_of_its_own_and_wrappers_within_an_unknown_one_are_found()
    {
        var extra = Checkpoints.Open(Checkpoints.Zip(Checkpoints.Pickle($"}}({Named("a")}{Named("b")}X\u0005\0\0\0extra}}({Named("c")}uu."), new byte[4]));
        Assert.Equal(["a", "b"], extra.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(["extra"], extra.Others);

        var nested = Checkpoints.Open(Checkpoints.Zip(
            Checkpoints.Pickle($"}}(X\u0005\0\0\0outer}}(X\u0005\0\0\0model}}(X\u000a\0\0\0state_dict}}({Named("a")}uuuu."), new byte[4]));
        Assert.Equal("a", Assert.Single(nested.Tensors).Name);
    }

    // A key and its tensor.
    private static string Named(string name)
    {
        var tensor = Encoding.Latin1.GetString(Checkpoints.TensorPickle(1, 0, [1], [1]))[4..^2];
        var utf8 = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(name));
        return tensor.Replace("X\u0001\0\0\0w", $"X{(char)utf8.Length}\0\0\0{utf8}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uint16", 2)]
    [InlineData("float8_e4m3fn", 1)]
    [InlineData("float8_e5m2", 1)]
    public void Types_of_untyped_storages_that_are_not_supported_are_named(string type, int size)
    {
        var error = Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(Typed(type, 2 * size, 2), new byte[2 * size])));
        Assert.Contains($"'w' is of type {type}, which is not supported", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_supported_type_over_an_untyped_storage_is_read_within_its_bytes()
    {
        var reader = Checkpoints.Open(Checkpoints.Zip(Typed("float32", 8, 2), [0, 0, 128, 63, 0, 0, 0, 64]));
        Assert.Equal((double[])[1, 2], await Checkpoints.ValuesAsync(reader, reader.Tensors[0], Token));
        Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(Typed("float32", 7, 2), new byte[7])));
    }

    [Theory]
    [InlineData("cposix\nsystem\n.", "posix.system")]
    [InlineData("c__torch__.model\nNet\n)\u0081.", null)]
    [InlineData("}.", null)]
    public void A_TorchScript_program_is_named_as_one_unless_it_asks_for_something_to_be_run(string opcodes, string? forbidden)
    {
        foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.Optimal })
        {
            var error = Assert.ThrowsAny<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Script(Checkpoints.Pickle(opcodes), level)));
            Assert.Equal(forbidden, (error as ForbiddenGlobalException)?.Global);
            Assert.Contains(forbidden ?? "TorchScript", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_compressed_pickle_is_refused_and_what_it_asks_for_is_named()
    {
        byte[] hostile = Checkpoints.Pickle("(" + new string('N', 1000) + "tcposix\nsystem\n.");
        byte[] harmless = Checkpoints.Pickle("(" + new string('N', 1000) + "t.");
        Assert.Equal(
            "posix.system",
            Assert.Throws<ForbiddenGlobalException>(() => Checkpoints.Open(Checkpoints.Zip(hostile, level: CompressionLevel.Optimal))).Global);
        var error = Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(harmless, level: CompressionLevel.Optimal)));
        Assert.Contains("compressed", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_compressed_pickle_that_grows_without_end_is_refused_within_bounds()
    {
        var bomb = Checkpoints.Zip(Checkpoints.Pickle("X\u00ff\u00ff\u00ff\u000f" + new string('a', 100 << 20)), level: CompressionLevel.Optimal);
        Assert.True(bomb.Length < 1 << 20);
        // Counted where it is allocated: whoever awaits may go on elsewhere.
        var allocated = await Task.Run(
            () =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(bomb));
                return GC.GetAllocatedBytesForCurrentThread() - before;
            },
            Token);
        Assert.InRange(allocated, 1, 512L << 20);
    }

    private static byte[] Typed(string type, int bytes, int count) => Checkpoints.Pickle(
        $"}}(X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v3\n((X\u0007\0\0\0storagectorch.storage\nUntypedStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK{(char)bytes}tQ"
        + $"K\0K{(char)count}\u0085K\u0001\u0085\u0089ccollections\nOrderedDict\n)Rctorch\n{type}\ntRu.");

    [Fact(Timeout = Timeout)]
    public async Task Strides_of_any_kind_give_row_major_elements()
    {
        byte[] storage = [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))];
        Assert.Equal((double[])[0, 3, 1, 4, 2, 5], await Values([3, 2], [1, 3], 0));
        Assert.Equal((double[])[1, 3, 5], await Values([3], [2], 1));
        Assert.Equal((double[])[4, 4, 4], await Values([3], [0], 4));
        Assert.Equal((double[])[2, 3], await Values([1, 2, 1], [77, 1, 99], 2));
        Assert.Empty(await Values([0, 3], [9, 9], 0));

        async Task<double[]> Values(long[] shape, long[] strides, long offset)
        {
            var reader = Checkpoints.Open(Checkpoints.Zip(Checkpoints.TensorPickle(6, offset, shape, strides), storage));
            return await Checkpoints.ValuesAsync(reader, reader.Tensors[0], Token);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Big_endian_storages_are_turned()
    {
        var reader = Checkpoints.Open(Checkpoints.Zip(Checkpoints.TensorPickle(1, 0, [1], [1]), [0x3f, 0x80, 0, 0], "big"));
        Assert.Equal((double[])[1], await Checkpoints.ValuesAsync(reader, reader.Tensors[0], Token));
    }

    [Fact(Timeout = Timeout)]
    public async Task Pickles_that_try_to_exhaust_memory_or_stack_are_refused()
    {
        await Task.Run(
            () =>
            {
                foreach (var opcodes in new[]
                {
                    ")" + new string('\u0085', 100_000) + ".",
                    "](" + string.Concat(Enumerable.Repeat("](", 100_000)) + string.Concat(Enumerable.Repeat("e", 100_001)) + ".",
                    new string(']', 5_000_000) + ".",
                    new string('(', 5_000_000) + ".",
                })
                {
                    Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(Checkpoints.Pickle(opcodes))));
                }
            },
            Token);
    }

    [Fact]
    public void A_list_within_itself_ends()
    {
        var error = Assert.Throws<ArtifactFormatException>(() => Checkpoints.Open(Checkpoints.Zip(
            Checkpoints.Pickle("}q\u0000X\u000a\0\0\0state_dicth\u0000s."))));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Names_in_messages_cannot_move_the_cursor()
    {
        var error = Assert.Throws<ForbiddenGlobalException>(() => Checkpoints.Open(Checkpoints.Zip(Checkpoints.Pickle("c\u001b[2Jx\ny\n."))));
        Assert.DoesNotContain('\u001b', error.Message);
    }
}
