using IntraDA.Hosting;
using IntraDA.Trainer;

return await ServiceHost.RunAsync(TrainerApplication.Name, args, TrainerApplication.Create).ConfigureAwait(false);
