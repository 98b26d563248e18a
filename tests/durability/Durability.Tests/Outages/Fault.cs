namespace IntraDA.Durability.Tests.Outages;

/// <summary>What becomes of a request.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The server is not asked; the answer is 503.</summary>
    Unavailable,

    /// <summary>The server is not asked; the answer is 403.</summary>
    Forbidden,

    /// <summary>The connection is reset in the middle of the answer's body.</summary>
    ResetAnswer,

    /// <summary>The connection is reset in the middle of the request's body.</summary>
    ResetRequest,

    /// <summary>One bit of the answer's body is turned.</summary>
    Damage,
}
