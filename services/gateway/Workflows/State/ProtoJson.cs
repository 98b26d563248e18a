using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>Contract messages as JSON documents in the store.</summary>
internal static class ProtoJson
{
    // Errors carry their details as Any, which JSON can only name by its type.
    private static readonly TypeRegistry Types =
        TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor, RetryInfo.Descriptor, PreconditionFailure.Descriptor);

    private static readonly JsonFormatter Formatter = new(new JsonFormatter.Settings(formatDefaultValues: false, Types));

    // Documents of a later version may have fields that this one does not know.
    private static readonly JsonParser Parser = new(new JsonParser.Settings(64, Types).WithIgnoreUnknownFields(true));

    public static string Format(IMessage message) => Formatter.Format(message);

    public static byte[] FormatBytes(IMessage message) => Encoding.UTF8.GetBytes(Format(message));

    public static T Parse<T>(ReadOnlySpan<byte> json)
        where T : IMessage, new() => Parser.Parse<T>(Encoding.UTF8.GetString(json));
}
