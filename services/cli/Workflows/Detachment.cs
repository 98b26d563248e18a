using IntraDA.Cli.Errors;
using IntraDA.Cli.Gateways;

namespace IntraDA.Cli.Workflows;

/// <summary>The rule that a workflow can only be left alone where its gateway goes on.</summary>
internal static class Detachment
{
    /// <summary>Refuses to detach from services that end with the command.</summary>
    /// <param name="detach">Whether the user asked to detach.</param>
    /// <param name="gateway">The gateway.</param>
    /// <exception cref="CliException">It ends with the command.</exception>
    public static void Require(bool detach, GatewayConnection gateway)
    {
        if (detach && gateway.EndsWithCommand)
        {
            throw new CliException("--detach needs a gateway that goes on: start one with `intrada serve` in another shell");
        }
    }
}
