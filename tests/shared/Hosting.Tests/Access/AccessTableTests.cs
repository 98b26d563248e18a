using Google.Protobuf.Reflection;
using IntraDA.Access;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Hosting.Access;

namespace IntraDA.Hosting.Tests.Access;

public sealed class AccessTableTests
{
    private static IEnumerable<string> AllMethods => typeof(GatewayReflection).Assembly.GetTypes()
        .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal) && type.Namespace!.StartsWith("IntraDA.Contracts", StringComparison.Ordinal))
        .Select(type => (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!)
        .SelectMany(file => file.Services)
        .SelectMany(service => service.Methods.Select(method => $"{service.FullName}/{method.Name}"));

    [Fact]
    public void Every_rpc_of_every_proto_has_a_role_and_no_rule_is_left_over()
    {
        var methods = AllMethods.ToList();
        Assert.True(methods.Count >= 36, $"Only {methods.Count} methods were found.");
        Assert.DoesNotContain(methods, method => !AccessTable.Rules.ContainsKey(method));
        Assert.Empty(AccessTable.Rules.Keys.Where(rule => rule.StartsWith("intrada.", StringComparison.Ordinal)).Except(methods));
    }

    [Fact]
    public void Each_role_may_do_what_the_one_below_it_may()
    {
        foreach (var rule in AccessTable.Rules.Values)
        {
            Assert.True(!rule.Allows(CallerRole.Predict) || rule.Allows(CallerRole.Operate));
            Assert.True(!rule.Allows(CallerRole.Operate) || rule.Allows(CallerRole.Admin));
            Assert.True(rule.Allows(CallerRole.Admin));
        }
    }

    [Fact]
    public void Predicting_changes_nothing_and_services_keep_to_the_backends()
    {
        string[] changing = ["Create", "Start", "Cancel", "Resume", "Register", "Upload", "Load", "Unload", "Generate", "Rank", "Score", "Evaluate"];
        foreach (var (method, rule) in AccessTable.Rules)
        {
            var name = method[(method.IndexOf('/', StringComparison.Ordinal) + 1)..];
            if (rule.Allows(CallerRole.Predict))
            {
                Assert.DoesNotContain(changing, verb => name.StartsWith(verb, StringComparison.Ordinal));
            }

            Assert.Equal(!method.StartsWith("intrada.gateway.", StringComparison.Ordinal), rule.Allows(CallerRole.Service));
        }
    }
}
