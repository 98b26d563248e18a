using System.Buffers.Text;
using System.Text;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Services;

/// <summary>Page tokens: opaque to callers, safe in URLs.</summary>
internal static class PageTokens
{
    public static string Write(string? position) =>
        string.IsNullOrEmpty(position) ? "" : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position));

    /// <exception cref="ServiceException">INVALID_ARGUMENT: not a token of ours.</exception>
    public static string Read(string token)
    {
        try
        {
            var position = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
            return position.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-' or '/')
                ? position
                : throw Bad();
        }
        catch (FormatException)
        {
            throw Bad();
        }

        static ServiceException Bad() =>
            ServiceException.InvalidArgument("page_token", "This is not a token of an earlier page; leave it empty for the first.");
    }
}
