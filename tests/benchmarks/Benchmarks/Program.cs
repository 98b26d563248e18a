using IntraDA.Benchmarks.Frame;

return await BenchProgram.RunAsync(args, Console.Out, Console.Error);
