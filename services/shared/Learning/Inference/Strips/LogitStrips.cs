using System.Runtime.Intrinsics;
using IntraDA.Data.Labels;
using IntraDA.Learning.Inference.Fast;

namespace IntraDA.Learning.Inference.Strips;

/// <summary>
/// From logits at network resolution to scores and maps at any size in one pass over strips of rows: bilinear upsampling with aligned corners,
/// softmax, entropy, argmax and confidence of sixteen pixels at a time. The upsampled logits and probabilities, 40 MB each for 19 classes at
/// 1024x512, never exist.
/// </summary>
/// <remarks>
/// With m the greatest logit, S the sum of e^(v - m) and T the sum of e^(v - m) (v - m) over classes, the entropy is ln S - T / S and the winning
/// probability 1 / S: one logarithm a pixel instead of one a class. The plain formula adds 1e-30 to each probability, which float32 cannot see here.
/// Results do not depend on the number of threads.
/// </remarks>
internal static unsafe class LogitStrips
{
    private const int Lanes = 16;
    private const int StripRows = 16;

    /// <summary>Computes a map.</summary>
    /// <param name="logits"><c>[C, h, w]</c>.</param>
    /// <param name="classes">C.</param>
    /// <param name="logitWidth">w.</param>
    /// <param name="logitHeight">h.</param>
    /// <param name="width">Width of the map.</param>
    /// <param name="height">Height of the map.</param>
    /// <param name="outputs">What to compute.</param>
    /// <returns>The results.</returns>
    public static StripResult Run(float* logits, int classes, int logitWidth, int logitHeight, int width, int height, StripOutputs outputs)
    {
        var columns = LinearTaps.Of(logitWidth, width);
        var rows = LinearTaps.Of(logitHeight, height);
        var strips = new double[(height + StripRows - 1) / StripRows];
        var counts = new long[strips.Length][];
        var labels = outputs.Labels ? GC.AllocateUninitializedArray<byte>(width * height) : null;
        var entropy = outputs.EntropyMap ? GC.AllocateUninitializedArray<byte>(width * height) : null;
        var confidence = outputs.Confidence ? GC.AllocateUninitializedArray<ushort>(width * height) : null;
        ComputeThreads.For(strips.Length, strip =>
        {
            var work = new Strip(logits, classes, logitWidth, logitHeight, columns, width, outputs);
            for (var y = strip * StripRows; y < Math.Min((strip + 1) * StripRows, height); y++)
            {
                work.Row(rows.First[y], rows.Second[y], rows.Weight[y], y, labels, entropy, confidence);
            }

            (strips[strip], counts[strip]) = (work.EntropySum, work.Counts);
        });

        var total = new long[classes];
        foreach (var strip in counts)
        {
            for (var c = 0; c < classes; c++)
            {
                total[c] += strip[c];
            }
        }

        // Added in the order of the strips, whoever computed them.
        return new StripResult(strips.Sum() / ((double)width * height), total, labels, entropy, confidence);
    }

    /// <summary>A strip at work: two rows of logits at full width, and the row between them.</summary>
    private sealed class Strip
    {
        private readonly float* _logits;
        private readonly int _classes;
        private readonly int _logitWidth;
        private readonly int _logitHeight;
        private readonly LinearTaps _columns;
        private readonly int _width;
        private readonly int _padded;
        private readonly StripOutputs _outputs;
        private readonly float _perNat;
        private float[] _upper;
        private float[] _lower;
        private int _upperRow = -1;
        private int _lowerRow = -1;

        public Strip(float* logits, int classes, int logitWidth, int logitHeight, LinearTaps columns, int width, StripOutputs outputs)
        {
            _logits = logits;
            (_classes, _logitWidth, _logitHeight) = (classes, logitWidth, logitHeight);
            (_columns, _width, _outputs) = (columns, width, outputs);
            _padded = (width + Lanes - 1) / Lanes * Lanes;
            _upper = new float[classes * _padded];
            _lower = new float[classes * _padded];
            _perNat = (float)(1 / Math.Log(classes));
            Counts = new long[classes];
        }

        public double EntropySum { get; private set; }

        public long[] Counts { get; }

        public void Row(int first, int second, float weight, int y, byte[]? labels, byte[]? entropy, ushort[]? confidence)
        {
            Take(first, second);
            var softmax = _outputs.Entropy || _outputs.EntropyMap || _outputs.Confidence;
            Span<int> winners = stackalloc int[Lanes];
            Span<float> entropies = stackalloc float[Lanes];
            Span<float> probabilities = stackalloc float[Lanes];
            var values = stackalloc Vector512<float>[_classes];
            fixed (float* upper = _upper, lower = _lower)
            {
                for (var x = 0; x < _width; x += Lanes)
                {
                    var (best, winner) = Blend(upper + x, lower + x, weight, values);
                    winner.CopyTo(winners);
                    if (softmax)
                    {
                        var (sum, weighted) = Exponentials(values, best);
                        ((Vector512.Log(sum) - (weighted / sum)) * _perNat).CopyTo(entropies);
                        (Vector512<float>.One / sum).CopyTo(probabilities);
                    }

                    var count = Math.Min(Lanes, _width - x);
                    Store(winners[..count], entropies, probabilities, (y * _width) + x, labels, entropy, confidence);
                }
            }
        }

        private void Store(
            ReadOnlySpan<int> winners, ReadOnlySpan<float> entropies, ReadOnlySpan<float> probabilities, int at, byte[]? labels, byte[]? entropy,
            ushort[]? confidence)
        {
            for (var i = 0; i < winners.Length; i++)
            {
                if (_outputs.Counts)
                {
                    Counts[winners[i]]++;
                }

                if (labels is not null)
                {
                    labels[at + i] = (byte)winners[i];
                }

                EntropySum += entropies[i];
                if (entropy is not null)
                {
                    entropy[at + i] = (byte)Math.Clamp(MathF.Round(entropies[i] * 255), 0f, 255f);
                }

                if (confidence is not null)
                {
                    confidence[at + i] = ConfidenceMap.Quantize(probabilities[i]);
                }
            }
        }

        // The logits of sixteen pixels, the greatest of each, and whose it is: the first class among equals, as libtorch's argmax has it.
        private (Vector512<float> Best, Vector512<int> Winner) Blend(float* upper, float* lower, float weight, Vector512<float>* values)
        {
            var below = Vector512.Create(weight);
            var above = Vector512.Create(1 - weight);
            var best = (Vector512.Load(upper) * above) + (Vector512.Load(lower) * below);
            var winner = Vector512<int>.Zero;
            values[0] = best;
            for (var c = 1; c < _classes; c++)
            {
                var value = (Vector512.Load(upper + (c * _padded)) * above) + (Vector512.Load(lower + (c * _padded)) * below);
                values[c] = value;
                var greater = Vector512.GreaterThan(value, best);
                best = Vector512.ConditionalSelect(greater, value, best);
                winner = Vector512.ConditionalSelect(greater.AsInt32(), Vector512.Create(c), winner);
            }

            return (best, winner);
        }

        private (Vector512<float> Sum, Vector512<float> Weighted) Exponentials(Vector512<float>* values, Vector512<float> best)
        {
            var sum = Vector512<float>.Zero;
            var weighted = Vector512<float>.Zero;
            for (var c = 0; c < _classes; c++)
            {
                // Below -80 the exponential is 1e-35: it adds nothing, and denormals would be slow.
                var shifted = Vector512.Max(values[c] - best, Vector512.Create(-80f));
                var exponential = Vector512.Exp(shifted);
                sum += exponential;
                weighted += exponential * shifted;
            }

            return (sum, weighted);
        }

        private void Take(int first, int second)
        {
            if (_upperRow != first)
            {
                if (_lowerRow == first)
                {
                    (_upper, _lower) = (_lower, _upper);
                    (_upperRow, _lowerRow) = (_lowerRow, _upperRow);
                }
                else
                {
                    Widen(first, _upper);
                    _upperRow = first;
                }
            }

            if (_lowerRow != second)
            {
                Widen(second, _lower);
                _lowerRow = second;
            }
        }

        private void Widen(int row, float[] to)
        {
            for (var c = 0; c < _classes; c++)
            {
                var from = _logits + ((((long)c * _logitHeight) + row) * _logitWidth);
                var at = to.AsSpan(c * _padded, _width);
                for (var x = 0; x < at.Length; x++)
                {
                    var weight = _columns.Weight[x];
                    at[x] = (from[_columns.First[x]] * (1 - weight)) + (from[_columns.Second[x]] * weight);
                }
            }
        }
    }
}
