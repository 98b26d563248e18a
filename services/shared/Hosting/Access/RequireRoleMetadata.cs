using IntraDA.Access;

namespace IntraDA.Hosting.Access;

/// <summary>Metadata of an HTTP endpoint beside the gRPC methods: who may fetch it.</summary>
/// <param name="Least">Least role; null: everybody, because the endpoint checks something else, such as a signed link.</param>
public sealed record RequireRoleMetadata(CallerRole? Least);
