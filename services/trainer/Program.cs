using IntraDA.Hosting;
using IntraDA.Trainer;

return await ServiceHost.RunAsync(() => TrainerApplication.Create(args)).ConfigureAwait(false);
