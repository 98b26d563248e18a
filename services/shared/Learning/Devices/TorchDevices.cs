using System.Globalization;
using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Learning.Devices;

/// <summary>Turns device names into devices.</summary>
public static class TorchDevices
{
    /// <summary>Whether a name has the form of a device.</summary>
    /// <param name="name">"", "auto", "cpu" or "cuda:N".</param>
    /// <returns>True where it has; the device need not exist here.</returns>
    public static bool IsName(string name) =>
        name is "" or "auto" or "cpu"
        || (name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name["cuda:".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out _));

    /// <summary>float32 tensors on a device.</summary>
    /// <param name="name">"auto" and "": the first CUDA device where there is one, else the CPU.</param>
    /// <returns>The placement.</returns>
    /// <exception cref="NoSuchDeviceException">The device does not exist here.</exception>
    public static TensorPlacement Resolve(string name)
    {
        if (name is "" or "auto")
        {
            name = cuda.is_available() ? "cuda:0" : "cpu";
        }

        if (!IsName(name) || (name != "cpu" && !Exists(name)))
        {
            throw new NoSuchDeviceException(name);
        }

        return new TensorPlacement(ScalarType.Float32, device(name));
    }

    private static bool Exists(string name) =>
        cuda.is_available() && int.Parse(name["cuda:".Length..], CultureInfo.InvariantCulture) < cuda.device_count();
}
