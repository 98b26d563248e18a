namespace IntraDA.Learning.Devices;

/// <summary>A device does not exist on this machine.</summary>
/// <param name="name">Its name.</param>
public sealed class NoSuchDeviceException(string name) : Exception(
    $"There is no device '{name}' here; use cpu, or a build with CUDA (-p:TorchBackend=cuda) on a machine that has it.")
{
    /// <summary>The device's name.</summary>
    public string Name { get; } = name;
}
