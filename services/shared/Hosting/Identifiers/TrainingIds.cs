using System.Security.Cryptography;
using System.Text;

namespace IntraDA.Hosting.Identifiers;

/// <summary>Ids of training jobs: who knows the request knows the job, also when nobody has told.</summary>
public static class TrainingIds
{
    /// <summary>The id of a request's job.</summary>
    /// <param name="requestId">The request's id.</param>
    /// <returns>A key segment.</returns>
    public static string Of(string requestId)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        return $"tr-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(requestId)))[..24]}";
    }
}
