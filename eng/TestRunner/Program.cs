using IntraDA.TestRunner;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(RunnerOptions.Usage);
    return 0;
}

try
{
    if (RunnerOptions.TryParse(args, Console.Error) is not { } options)
    {
        return 2;
    }

    return await new TestRun(options, Console.Out, TimeProvider.System).RunAsync(interrupted.Token);
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    Console.Error.WriteLine("intrada: interrupted");
    return 130;
}
