namespace IntraDA.Hosting.Errors;

/// <summary>Values of <c>ErrorInfo.reason</c> that every service uses. A service adds its own where these do not say enough.</summary>
public static class ErrorReasons
{
    /// <summary>Value of <c>ErrorInfo.domain</c> in every error.</summary>
    public const string Domain = "intrada";

    /// <summary>A field of the request is not allowed.</summary>
    public const string InvalidArgument = "INVALID_ARGUMENT";

    /// <summary>A named thing does not exist.</summary>
    public const string NotFound = "NOT_FOUND";

    /// <summary>The caller does not say who it is, or nobody knows it.</summary>
    public const string Unauthenticated = "UNAUTHENTICATED";

    /// <summary>The caller's role does not reach for what it asks.</summary>
    public const string PermissionDenied = "PERMISSION_DENIED";

    /// <summary>The bytes of a request are no message of its method.</summary>
    public const string BadMessage = "BAD_MESSAGE";

    /// <summary>A message is over the size limit.</summary>
    public const string MessageTooLarge = "MESSAGE_TOO_LARGE";

    /// <summary>There is too much to do; the <c>RetryInfo</c> says when there may be room.</summary>
    public const string QueueFull = "QUEUE_FULL";

    /// <summary>The memory of the machine or of its GPU does not suffice; a retry does not help.</summary>
    public const string OutOfMemory = "OUT_OF_MEMORY";

    /// <summary>The store holds nothing under a key.</summary>
    public const string ArtifactNotFound = "ARTIFACT_NOT_FOUND";

    /// <summary>Stored bytes are not those of their reference.</summary>
    public const string ArtifactDamaged = "ARTIFACT_DAMAGED";

    /// <summary>The store does not answer; a retry may help.</summary>
    public const string StoreUnavailable = "STORE_UNAVAILABLE";

    /// <summary>The store refused; a retry does not help.</summary>
    public const string StoreFailed = "STORE_FAILED";

    /// <summary>An artefact is not of the form that is needed, or does not fit: a wrong checkpoint.</summary>
    public const string BadArtifact = "BAD_ARTIFACT";

    /// <summary>An image, or a label map, cannot be used.</summary>
    public const string BadImage = "BAD_IMAGE";

    /// <summary>A data set, its manifest or one of its files cannot be used.</summary>
    public const string BadDataset = "BAD_DATASET";

    /// <summary>The caller, or a user, stopped the work.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>The caller's deadline passed.</summary>
    public const string DeadlineExceeded = "DEADLINE_EXCEEDED";

    /// <summary>This server is ending; another one, or a later one, will answer.</summary>
    public const string ShuttingDown = "SHUTTING_DOWN";

    /// <summary>A defect of the service; its log says more.</summary>
    public const string Internal = "INTERNAL";

    /// <summary>What is said of a message over the size limit.</summary>
    internal const string TooLarge = "The message is larger than the service's option MaxMessageBytes; send less at a time.";
}
