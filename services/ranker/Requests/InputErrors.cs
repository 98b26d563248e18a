using IntraDA.Artifacts.Formats;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;
using IntraDA.Hosting.Errors;

namespace IntraDA.Ranker.Requests;

/// <summary>Says of which field of the request the bytes are not what they should be.</summary>
internal static class InputErrors
{
    public static async Task<T> GuardAsync<T>(string field, Task<T> work)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArtifactFormatException or DatasetException or BadImageException)
        {
            throw ServiceException.InvalidArgument(field, e.Message);
        }
    }
}
