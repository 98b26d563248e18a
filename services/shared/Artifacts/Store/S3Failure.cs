using System.Net;
using Minio.Exceptions;

namespace IntraDA.Artifacts.Store;

/// <summary>What a failure of the S3 client means to a caller of the store.</summary>
internal static class S3Failure
{
    public static ArtifactStoreException ToStoreException(Exception e, string bucket, string key)
    {
        var code = (e as MinioException)?.Response?.Code ?? (e as S3ResponseException)?.Code ?? "";
        var status = (e as MinioException)?.ServerResponse?.StatusCode ?? (e as HttpRequestException)?.StatusCode ?? (e as S3ResponseException)?.Status ?? default;
        return e switch
        {
            ArtifactStoreException known => known,
            ObjectNotFoundException or VersionDeletedException => new ArtifactNotFoundException(key, e),
            _ when e is BucketNotFoundException || code == "NoSuchBucket" => new ArtifactStoreException($"The bucket '{bucket}' is gone; create it or restart the service, which does.", isTransient: false, e),
            AuthorizationException or ForbiddenException or AccessDeniedException => Refused(e, bucket, key, code),
            _ when code == "NoSuchKey" || e is HttpRequestException { StatusCode: HttpStatusCode.NotFound } or S3ResponseException { Status: HttpStatusCode.NotFound } => new ArtifactNotFoundException(key, e),
            _ when status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => Refused(e, bucket, key, code),
            _ when IsTransient(e, code, status) => new ArtifactStoreException(
                $"The S3 server did not do what was asked for '{key}' ({Reason(e, code, status)}); it may later.", isTransient: true, e),
            _ => new ArtifactStoreException($"The S3 server failed on '{key}' ({Reason(e, code, status)}).", isTransient: false, e),
        };
    }

    /// <summary>Whether a put under If-None-Match was refused because the key is taken.</summary>
    public static bool IsTaken(Exception e) =>
        e is PreconditionFailedException
        || e is MinioException { ServerResponse.StatusCode: HttpStatusCode.PreconditionFailed or HttpStatusCode.NotModified }
            or HttpRequestException { StatusCode: HttpStatusCode.PreconditionFailed or HttpStatusCode.NotModified };

    private static ArtifactStoreException Refused(Exception e, string bucket, string key, string code) => new(
        $"The S3 server refuses the access key for '{key}' in bucket '{bucket}'{(code.Length > 0 ? $" ({code})" : "")}; check Store:AccessKey, Store:SecretKey and the bucket's policy.",
        isTransient: false,
        e);

    private static bool IsTransient(Exception e, string code, HttpStatusCode status) =>
        e is HttpRequestException { StatusCode: null } or IOException or TimeoutException or OperationCanceledException or ConnectionException or InternalServerException
        || (int)status is >= 500 or 408 or 429

        // Replaced while its ranges were read: what lies there now may be read from its beginning.
        || e is S3ResponseException { Status: HttpStatusCode.PreconditionFailed }

        // Conflicts of concurrent writers: the one that lost may write again.
        || code is "SlowDown" or "RequestTimeout" or "OperationAborted" or "ConditionalRequestConflict" or "NoSuchUpload"
        || e.InnerException is HttpRequestException or IOException;

    private static string Reason(Exception e, string code, HttpStatusCode status) =>
        code.Length > 0 ? code : status != default ? $"HTTP {(int)status}" : e is OperationCanceledException ? "no answer" : e.Message;
}
