using IntraDA.Artifacts.Formats;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;

namespace IntraDA.Hosting.Errors;

/// <summary>Says of which field of a request the bytes are not what they should be.</summary>
public static class InputFields
{
    /// <summary>Whether an exception speaks of what a caller gave.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>True for bad images, data sets and artefacts.</returns>
    public static bool IsBadInput(Exception exception) => exception is ArtifactFormatException or DatasetException or BadImageException;

    /// <summary>Awaits work, and names the field where its input is at fault.</summary>
    /// <typeparam name="T">Result of the work.</typeparam>
    /// <param name="field">Path of the field.</param>
    /// <param name="work">The work.</param>
    /// <returns>Its result.</returns>
    /// <exception cref="ServiceException">INVALID_ARGUMENT: the input is at fault.</exception>
    public static async Task<T> NameAsync<T>(string field, Task<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (Exception e) when (IsBadInput(e))
        {
            throw ServiceException.BadInput(field, e);
        }
    }
}
