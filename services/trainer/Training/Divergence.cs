using Grpc.Core;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Adaptation;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Training;

/// <summary>
/// Ends a training whose numbers are no numbers any more. Nothing brings such a network back, and what is stored of it would be reused.
/// </summary>
internal static class Divergence
{
    /// <summary>Looks at an iteration's losses.</summary>
    /// <param name="terms">The losses.</param>
    /// <param name="iteration">1-based.</param>
    /// <exception cref="ServiceException">FAILED_PRECONDITION <c>TRAINING_DIVERGED</c>: one of them is infinite or not a number.</exception>
    public static void Check(IReadOnlyList<LossTerm> terms, int iteration)
    {
        foreach (var term in terms)
        {
            if (!double.IsFinite(term.Value))
            {
                throw Error($"The loss {term.Kind.WireName()} is {Describe(term.Value)} at iteration {iteration}");
            }
        }
    }

    /// <summary>Looks at a network that is about to be stored.</summary>
    /// <param name="network">The network.</param>
    /// <param name="iteration">Iterations behind it.</param>
    /// <exception cref="ServiceException">FAILED_PRECONDITION <c>TRAINING_DIVERGED</c>: a weight is infinite or not a number.</exception>
    public static void Check(SegmentationNetwork network, int iteration)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var tensor in network.Tensors)
        {
            if (!tensor.Value.isfinite().all().ToBoolean())
            {
                throw Error($"The tensor {tensor.Name} has values that are no numbers after iteration {iteration}");
            }
        }
    }

    private static string Describe(double value) => double.IsNaN(value) ? "not a number" : "infinite";

    private static ServiceException Error(string what) => new(
        StatusCode.FailedPrecondition, "TRAINING_DIVERGED", $"{what}: the training has diverged; lower the learning rate or the weights of the losses.");
}
