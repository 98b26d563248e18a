using System.Numerics;
using System.Text;

namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>
/// A pickle machine that knows plain values, containers and tensors. It has no way to find a class or call a function: what a pickle
/// names is compared with <see cref="AllowedGlobals"/>, and what it calls is one of the constructors below.
/// </summary>
internal sealed class RestrictedUnpickler
{
    private readonly PickleSource _source;
    private readonly TensorBuilder _tensors;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _pushed;
    private long _encoded;

    private RestrictedUnpickler(PickleSource source, TensorBuilder tensors)
    {
        _source = source;
        _tensors = tensors;
    }

    // Values below the last mark belong to what is being built outside.
    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    /// <summary>Reads one pickle.</summary>
    /// <param name="source">At its first byte; afterwards behind its last.</param>
    /// <param name="tensors">Receives the storages.</param>
    /// <returns>
    /// null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="string"/>, bytes, a
    /// <see cref="PickleContainer"/>, <see cref="PickleGlobal"/>, <see cref="PickledStorageView"/> or <see cref="PickledTensor"/>.
    /// </returns>
    /// <exception cref="ForbiddenGlobalException">It names something else.</exception>
    /// <exception cref="ArtifactFormatException">It is no pickle, or damaged.</exception>
    public static object? Load(PickleSource source, TensorBuilder tensors) => new RestrictedUnpickler(source, tensors).Run();

    private object? Run()
    {
        while (true)
        {
            var at = _source.Position;
            var opcode = (PickleOpcode)_source.ReadByte();
            if (opcode == PickleOpcode.Stop)
            {
                return Pop();
            }

            if (!Plain(opcode) && !Stack(opcode) && !Structure(opcode))
            {
                Refuse(opcode, at);
            }
        }
    }

    private bool Plain(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.None: Push(null); return true;
            case PickleOpcode.NewTrue: Push(true); return true;
            case PickleOpcode.NewFalse: Push(false); return true;
            case PickleOpcode.Int or PickleOpcode.Long: Push(PickleText.Integer(_source.ReadLine())); return true;
            case PickleOpcode.BinInt: Push((long)_source.ReadInt32()); return true;
            case PickleOpcode.BinInt1: Push((long)_source.ReadByte()); return true;
            case PickleOpcode.BinInt2: Push((long)_source.ReadUInt16()); return true;
            case PickleOpcode.Long1: Push(PickleText.Integer(_source.ReadBytes(_source.ReadByte()))); return true;
            case PickleOpcode.Long4: Push(PickleText.Integer(_source.ReadBytes(LongLength()))); return true;
            case PickleOpcode.Float: Push(PickleText.Fraction(_source.ReadLine())); return true;
            case PickleOpcode.BinFloat: Push(_source.ReadDoubleBigEndian()); return true;
            case PickleOpcode.String: Push(PickleText.Quoted(_source.ReadLine())); return true;
            case PickleOpcode.Unicode: Push(PickleText.Raw(_source.ReadLine())); return true;
            case PickleOpcode.BinString: Push(PickleText.Legacy(_source.ReadBytes(_source.ReadInt32()))); return true;
            case PickleOpcode.ShortBinString: Push(PickleText.Legacy(_source.ReadBytes(_source.ReadByte()))); return true;
            case PickleOpcode.ShortBinUnicode: Push(PickleText.Utf8(_source.ReadBytes(_source.ReadByte()))); return true;
            case PickleOpcode.BinUnicode: Push(PickleText.Utf8(_source.ReadBytes(_source.ReadUInt32()))); return true;
            case PickleOpcode.BinUnicode8: Push(PickleText.Utf8(_source.ReadBytes(_source.ReadInt64()))); return true;
            case PickleOpcode.ShortBinBytes: Push(_source.ReadBytes(_source.ReadByte())); return true;
            case PickleOpcode.BinBytes: Push(_source.ReadBytes(_source.ReadUInt32())); return true;
            case PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8: Push(_source.ReadBytes(_source.ReadInt64())); return true;
            default: return false;
        }
    }

    private bool Stack(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto: Require(_source.ReadByte() <= 5, "its protocol is newer than 5"); return true;

            // A frame tells readers how much to fetch at once; ours is bounded anyway.
            case PickleOpcode.Frame: _ = _source.ReadInt64(); return true;
            case PickleOpcode.Mark: OpenMark(); return true;
            case PickleOpcode.Pop: PopAny(); return true;
            case PickleOpcode.PopMark: _ = PopToMark(); return true;
            case PickleOpcode.Dup: Push(Top()); return true;
            case PickleOpcode.Get: Push(Recall(PickleText.Integer(_source.ReadLine()) as long? ?? -1)); return true;
            case PickleOpcode.BinGet: Push(Recall(_source.ReadByte())); return true;
            case PickleOpcode.LongBinGet: Push(Recall(_source.ReadUInt32())); return true;
            case PickleOpcode.Put: Remember(PickleText.Integer(_source.ReadLine()) as long? ?? -1); return true;
            case PickleOpcode.BinPut: Remember(_source.ReadByte()); return true;
            case PickleOpcode.LongBinPut: Remember(_source.ReadUInt32()); return true;
            case PickleOpcode.Memoize: Remember(_memo.Count); return true;
            default: return false;
        }
    }

    private bool Structure(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.EmptyTuple: Push(new PickleTuple([])); return true;
            case PickleOpcode.Tuple1: Push(new PickleTuple(PopMany(1))); return true;
            case PickleOpcode.Tuple2: Push(new PickleTuple(PopMany(2))); return true;
            case PickleOpcode.Tuple3: Push(new PickleTuple(PopMany(3))); return true;
            case PickleOpcode.Tuple: Push(new PickleTuple(PopToMark())); return true;
            case PickleOpcode.EmptyList: Push(new PickleList(isSet: false)); return true;
            case PickleOpcode.EmptySet: Push(new PickleList(isSet: true)); return true;
            case PickleOpcode.List: Push(Filled(new PickleList(isSet: false), PopToMark())); return true;
            case PickleOpcode.FrozenSet: Push(Filled(new PickleList(isSet: true), PopToMark())); return true;
            case PickleOpcode.Append: Extend(PopMany(1), isSet: false); return true;
            case PickleOpcode.Appends: Extend(PopToMark(), isSet: false); return true;
            case PickleOpcode.AddItems: Extend(PopToMark(), isSet: true); return true;
            case PickleOpcode.EmptyDict: Push(new PickleDictionary(isOrdered: false)); return true;
            case PickleOpcode.Dict: Push(Filled(new PickleDictionary(isOrdered: false), PopToMark())); return true;
            case PickleOpcode.SetItem: Extend(PopMany(2)); return true;
            case PickleOpcode.SetItems: Extend(PopToMark()); return true;
            case PickleOpcode.Global: PushGlobal(_source.ReadLine(), _source.ReadLine()); return true;
            case PickleOpcode.StackGlobal: PushStackGlobal(); return true;
            case PickleOpcode.BinPersId: Push(_tensors.Storage(Pop())); return true;
            case PickleOpcode.Reduce: Reduce(); return true;
            case PickleOpcode.Build: Build(); return true;
            default: return false;
        }
    }

    private void Refuse(PickleOpcode opcode, long at)
    {
        switch (opcode)
        {
            case PickleOpcode.Inst:
                // Whether or not the class is known: none of the allowed ones is made this way.
                throw new ForbiddenGlobalException($"{_source.ReadLine()}.{_source.ReadLine()}");
            case PickleOpcode.Ext1:
                throw new ForbiddenGlobalException($"copyreg extension {_source.ReadByte()}");
            case PickleOpcode.Ext2:
                throw new ForbiddenGlobalException($"copyreg extension {_source.ReadUInt16()}");
            case PickleOpcode.Ext4:
                throw new ForbiddenGlobalException($"copyreg extension {_source.ReadInt32()}");
            case PickleOpcode.Obj or PickleOpcode.NewObj or PickleOpcode.NewObjEx or PickleOpcode.PersId:
                throw new ArtifactFormatException(
                    $"The checkpoint is refused: it makes objects other than tensors (opcode {opcode.ToString().ToUpperInvariant()} at byte {at}).");
            default:
                throw Damaged($"byte {at} is no opcode of a pickle");
        }
    }

    private void PushGlobal(string module, string name) =>
        Push(AllowedGlobals.Find(PickleText.Legacy(Bytes(module)), PickleText.Legacy(Bytes(name))));

    private void PushStackGlobal()
    {
        var names = PopMany(2);
        Require(names is [string, string], "a global is named by something that is no text");
        Push(AllowedGlobals.Find((string)names[0]!, (string)names[1]!));
    }

    private void Reduce()
    {
        var call = PopMany(2);
        Require(call is [PickleGlobal, PickleTuple], "it calls something that is no constructor");
        var (global, arguments) = ((PickleGlobal)call[0]!, (PickleTuple)call[1]!);
        Push(global.Kind switch
        {
            PickleGlobalKind.OrderedDict => OrderedDictionary(arguments),
            PickleGlobalKind.Set when arguments.Items is [] => new PickleList(isSet: true),
            PickleGlobalKind.Set when arguments.Items is [PickleList list] => Filled(new PickleList(isSet: true), Copied(list)),
            PickleGlobalKind.Encode when arguments.Items is [string text, "latin1" or "latin-1"] => Encoded(text),
            PickleGlobalKind.Bytes when arguments.Items is [] => Array.Empty<byte>(),
            PickleGlobalKind.Bytes when arguments.Items is [byte[] bytes] => bytes,
            PickleGlobalKind.Size when arguments.Items is [PickleTuple size] => size,
            PickleGlobalKind.RebuildTensor => TensorBuilder.Tensor(arguments, second: false),
            PickleGlobalKind.RebuildTensorV2 => TensorBuilder.Tensor(arguments, second: true),
            PickleGlobalKind.RebuildTensorV3 => TensorBuilder.TypedTensor(arguments),
            PickleGlobalKind.RebuildParameter when arguments.Items is [PickledTensor tensor, bool, _] => tensor,
            _ => throw Damaged($"it calls {global.Name} with arguments that do not fit"),
        });
    }

    // What Python's _codecs.encode does in this one encoding; no other is known here, and none is looked up.
    private byte[] Encoded(string text)
    {
        // One text can be encoded as often as there are opcodes.
        _encoded += text.Length;
        Require(_encoded <= PickleLimits.Bytes, $"its bytes take more than {PickleLimits.Bytes}");
        Require(text.All(c => c <= byte.MaxValue), "bytes are spelt with characters that are none of Latin 1");
        return Encoding.Latin1.GetBytes(text);
    }

    // Modules leave a version table as an attribute of their state dict; it has no tensors and is not kept.
    private void Build()
    {
        var operands = PopMany(2);
        Require(
            operands is [PickleDictionary { IsOrdered: true }, PickleDictionary],
            "it sets attributes of something that has none (opcode BUILD)");
        Push(operands[0]);
    }

    private PickleDictionary OrderedDictionary(PickleTuple arguments)
    {
        var dictionary = new PickleDictionary(isOrdered: true);
        if (arguments.Items is [PickleList { IsSet: false } pairs])
        {
            foreach (var pair in Copied(pairs))
            {
                switch (pair)
                {
                    case PickleTuple { Items: [var key, var value] }:
                        dictionary.Set(key, value);
                        break;
                    case PickleList { IsSet: false, Items: [var key, var value] }:
                        dictionary.Set(key, value);
                        break;
                    default:
                        throw Damaged("an OrderedDict is made of something else than pairs");
                }
            }
        }
        else
        {
            Require(arguments.Items is [], "an OrderedDict is made of something else than pairs");
        }

        return dictionary;
    }

    private void Extend(object?[] items, bool isSet)
    {
        Require(Top() is PickleList list && list.IsSet == isSet, "it appends to something that is no list or set");
        Filled((PickleList)Top()!, items);
    }

    private void Extend(object?[] pairs)
    {
        Require(Top() is PickleDictionary, "it sets items of something that is no dictionary");
        Filled((PickleDictionary)Top()!, pairs);
    }

    private static PickleList Filled(PickleList list, IEnumerable<object?> items)
    {
        foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }

    private static PickleDictionary Filled(PickleDictionary dictionary, object?[] pairs)
    {
        Require(pairs.Length % 2 == 0, "a key has no value");
        for (var i = 0; i < pairs.Length; i += 2)
        {
            dictionary.Set(pairs[i], pairs[i + 1]);
        }

        return dictionary;
    }

    private long LongLength()
    {
        var length = _source.ReadInt32();
        Require(length is >= 0 and <= PickleLimits.Line, $"a whole number takes {length} bytes");
        return length;
    }

    private void OpenMark()
    {
        Count();
        _marks.Add(_stack.Count);
    }

    private void Push(object? value)
    {
        Count();
        _stack.Add(value);
    }

    // One list can be copied as often as there are opcodes.
    private IReadOnlyList<object?> Copied(PickleList list)
    {
        Count(list.Items.Count);
        return list.Items;
    }

    private void Count(int values = 1)
    {
        if (values > PickleLimits.Values - _pushed)
        {
            throw Damaged($"there are more than {PickleLimits.Values} values");
        }

        _pushed += values;
    }

    private object? Top()
    {
        Require(_stack.Count > Floor, "its stack is empty");
        return _stack[^1];
    }

    private object? Pop() => PopMany(1)[0];

    private void PopAny()
    {
        if (_stack.Count == Floor && _marks.Count > 0)
        {
            _marks.RemoveAt(_marks.Count - 1);
        }
        else
        {
            Pop();
        }
    }

    private object?[] PopMany(int count)
    {
        Require(_stack.Count - Floor >= count, "its stack is empty");
        return Cut(_stack.Count - count);
    }

    private object?[] PopToMark()
    {
        Require(_marks.Count > 0, "a mark is missing");
        var start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return Cut(start);
    }

    private object?[] Cut(int start)
    {
        object?[] values = [.. _stack[start..]];
        _stack.RemoveRange(start, values.Length);
        return values;
    }

    private void Remember(long index)
    {
        Require(index >= 0, "an entry of its memo has no number");
        _memo[index] = Top();
        if (_memo.Count > PickleLimits.Memo)
        {
            throw Damaged($"there are more than {PickleLimits.Memo} entries of the memo");
        }
    }

    private object? Recall(long index) =>
        _memo.TryGetValue(index, out var value) ? value : throw Damaged($"entry {index} of its memo is empty");

    private static byte[] Bytes(string line) => [.. line.Select(c => (byte)c)];

    private static void Require(bool ok, string problem)
    {
        if (!ok)
        {
            throw Damaged(problem);
        }
    }

    private static ArtifactFormatException Damaged(string problem) => new($"The checkpoint is damaged: in its list of tensors, {problem}.");
}
