using System.Security.Cryptography;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>Randomness of the operating system.</summary>
internal sealed class SystemRandomSource : IRandomSource
{
    public byte[] Next(int count) => RandomNumberGenerator.GetBytes(count);
}
