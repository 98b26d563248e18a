using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Tests.Errors;

public sealed class ErrorReportTests
{
    [Fact]
    public void An_error_of_a_service_is_one_line_and_one_more_for_each_violation()
    {
        var exception = new Google.Rpc.Status
        {
            Code = (int)StatusCode.InvalidArgument,
            Message = "the spec is not valid",
            Details =
            {
                Any.Pack(new BadRequest
                {
                    FieldViolations =
                    {
                        new BadRequest.Types.FieldViolation { Field = "spec.seed", Description = "is taken" },
                        new BadRequest.Types.FieldViolation { Field = "spec.title", Description = "is\ntoo long" },
                    },
                }),
            },
        }.ToRpcException();

        Assert.Equal(
            ["intrada: the spec is not valid (INVALID_ARGUMENT)", "  spec.seed: is taken", "  spec.title: is too long"],
            ErrorReport.Of(exception).Lines);
    }

    [Theory]
    [InlineData(StatusCode.NotFound, "NOT_FOUND")]
    [InlineData(StatusCode.DataLoss, "DATA_LOSS")]
    [InlineData(StatusCode.OK, "OK")]
    [InlineData(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED")]
    public void Codes_have_their_canonical_names(StatusCode code, string name) => Assert.Equal(name, ErrorReport.CodeName(code));

    [Fact]
    public void Other_exceptions_are_their_message_in_one_line()
    {
        var report = ErrorReport.Of(new AggregateException(new IOException("the disk\n is full")));

        Assert.Equal(["intrada: the disk is full"], report.Lines);
        Assert.Null(report.Code);
    }

    [Fact]
    public async Task An_address_where_nothing_answers_is_named()
    {
        var run = await CliRun.Of("workflows", "list", "--gateway", "127.0.0.1:1", "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no gateway answers at http://127.0.0.1:1/", run.Error, StringComparison.Ordinal);
        Assert.Equal("UNAVAILABLE", (string?)run.LastLine["code"]);
    }

    [Fact]
    public async Task An_address_that_is_none_is_named()
    {
        var run = await CliRun.Of("workflows", "list", "--gateway", "ftp://somewhere");

        Assert.Contains("--gateway is no address: \"ftp://somewhere\"", run.Error, StringComparison.Ordinal);
    }
}
