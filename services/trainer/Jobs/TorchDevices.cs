using Grpc.Core;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Jobs;

/// <summary>Turns device names into devices.</summary>
internal static class TorchDevices
{
    /// <summary>Float32 tensors on the named device; "auto" and "" are the first CUDA device where there is one, else the CPU.</summary>
    public static TensorPlacement Resolve(string name)
    {
        if (name is "" or "auto")
        {
            name = cuda.is_available() ? "cuda:0" : "cpu";
        }

        if (name != "cpu" && !(cuda.is_available() && int.Parse(name["cuda:".Length..], null) < cuda.device_count()))
        {
            throw new ServiceException(
                StatusCode.FailedPrecondition,
                "NO_SUCH_DEVICE",
                $"There is no device '{name}' here; use cpu, or a build with CUDA (-p:TorchBackend=cuda) on a machine that has it.");
        }

        return new TensorPlacement(ScalarType.Float32, device(name));
    }
}
