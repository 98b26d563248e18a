using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace IntraDA.Artifacts.Store;

/// <summary>The S3 requests that move bulk data: uploads in parts, and reads of ranges.</summary>
/// <remarks>
/// The S3 client sends parts one after the other, each in a fresh array that it hashes and copies again, and reads an object in three
/// requests. These take one request each, over buffers of the caller.
/// </remarks>
/// <param name="http">Its time-out is infinite: a <see cref="StallGuard"/> watches each transfer.</param>
/// <param name="signer">Signs each request.</param>
/// <param name="root">Address of the bucket, with a trailing '/'.</param>
internal sealed class S3Requests(HttpClient http, S3Signer signer, Uri root)
{
    private const long MaxDocumentBytes = 1 << 20;
    private static readonly XmlReaderSettings XmlSettings =
        new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxDocumentBytes, Async = true };

    /// <summary>Begins an upload in parts.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> BeginUploadAsync(string name, string mediaType, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, name, "uploads=");
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        var answer = await SendForDocumentAsync(request, cancellationToken).ConfigureAwait(false);
        return answer.Elements().FirstOrDefault(element => element.Name.LocalName == "UploadId")?.Value is { Length: > 0 } id
            ? id
            : throw new IOException("the answer to the start of an upload names no upload");
    }

    /// <summary>Sends a part.</summary>
    /// <param name="name">Name of the object.</param>
    /// <param name="uploadId">The upload.</param>
    /// <param name="number">From 1.</param>
    /// <param name="part">The bytes; not to be changed before the task ends.</param>
    /// <param name="progress">Called as bytes leave.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The part's ETag.</returns>
    public async Task<string> PutPartAsync(
        string name, string uploadId, int number, ReadOnlyMemory<byte> part, Action progress, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Put, name, $"partNumber={number.ToString(CultureInfo.InvariantCulture)}&uploadId={Uri.EscapeDataString(uploadId)}");
        request.Content = new MemoryContent(part, progress);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.Headers.TryGetValues("ETag", out var tags) && tags.FirstOrDefault() is { Length: > 0 } tag
            ? tag
            : throw new IOException("the answer to a part has no ETag");
    }

    /// <summary>Makes the object out of its parts.</summary>
    public async Task CompleteUploadAsync(string name, string uploadId, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var parts = tags.Select((tag, i) => new XElement("Part", new XElement("PartNumber", i + 1), new XElement("ETag", tag)));
        using var request = Request(HttpMethod.Post, name, UploadQuery(uploadId));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(new XElement("CompleteMultipartUpload", parts).ToString(SaveOptions.DisableFormatting)));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");

        // The server may find out that it cannot after it has said 200: the document tells.
        var answer = await SendForDocumentAsync(request, cancellationToken).ConfigureAwait(false);
        if (answer.Name.LocalName == "Error")
        {
            throw new S3ResponseException(HttpStatusCode.InternalServerError, CodeOf(answer));
        }
    }

    /// <summary>Throws the parts of an upload away.</summary>
    public async Task AbortUploadAsync(string name, string uploadId, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Delete, name, UploadQuery(uploadId));
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Uploads that were begun and neither completed nor thrown away: the first thousand.</summary>
    /// <param name="prefix">Names of their objects begin with this.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Names of objects, ids of uploads, and when they were begun.</returns>
    public async Task<IReadOnlyList<(string Name, string UploadId, DateTimeOffset Begun)>> ListUploadsAsync(
        string prefix, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, "", $"max-uploads=1000&prefix={Uri.EscapeDataString(prefix)}&uploads=");
        var answer = await SendForDocumentAsync(request, cancellationToken).ConfigureAwait(false);
        return
        [
            .. answer.Elements().Where(element => element.Name.LocalName == "Upload").Select(upload => (
                ValueOf(upload, "Key"),
                ValueOf(upload, "UploadId"),
                DateTimeOffset.TryParse(ValueOf(upload, "Initiated"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var begun)
                    ? begun
                    : throw new IOException("the server's list of uploads does not say when one was begun"))),
        ];
    }

    /// <summary>Reads an object, or a range of it.</summary>
    /// <param name="name">Name of the object.</param>
    /// <param name="range">First and last byte; null for all.</param>
    /// <param name="tag">ETag that the object must still have; null for any.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The answer with its body still to be read, 200 or 206; the caller disposes it.</returns>
    /// <exception cref="S3ResponseException">The server says no.</exception>
    public async Task<HttpResponseMessage> GetAsync(string name, (long First, long Last)? range, string? tag, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, name, "");
        if (range is { } bytes)
        {
            request.Headers.Range = new RangeHeaderValue(bytes.First, bytes.Last);
        }

        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        return await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private static string UploadQuery(string uploadId) => $"uploadId={Uri.EscapeDataString(uploadId)}";

    private static string CodeOf(XElement error) => ValueOf(error, "Code");

    private static string ValueOf(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";

    private HttpRequestMessage Request(HttpMethod method, string name, string query) =>
        new(method, new Uri(root, query.Length > 0 ? $"{name}?{query}" : name));

    private async Task<XElement> SendForDocumentAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await ReadDocumentAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        signer.Sign(request);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new S3ResponseException(response.StatusCode, await ReadCodeAsync(response, cancellationToken).ConfigureAwait(false));
        }
    }

    private static async Task<string> ReadCodeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return CodeOf(await ReadDocumentAsync(response, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is XmlException or IOException)
        {
            // Proxies answer in HTML or not at all; the status says enough.
            return "";
        }
    }

    private static async Task<XElement> ReadDocumentAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxDocumentBytes, cancellationToken).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var reader = XmlReader.Create(stream, XmlSettings);
        try
        {
            return await XElement.LoadAsync(reader, LoadOptions.None, cancellationToken).ConfigureAwait(false);
        }
        catch (XmlException e)
        {
            throw new IOException("the server's answer is not the document that S3 prescribes", e);
        }
    }

    /// <summary>Bytes of a caller's buffer as the body of a request, without a copy.</summary>
    private sealed class MemoryContent(ReadOnlyMemory<byte> bytes, Action progress) : HttpContent
    {
        private const int Piece = 1 << 18;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            for (var start = 0; start < bytes.Length; start += Piece)
            {
                await stream.WriteAsync(bytes.Slice(start, Math.Min(Piece, bytes.Length - start)), cancellationToken).ConfigureAwait(false);
                progress();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
