# The example of another team's trainer (docs/trainers.md). Context: the root of the repository, of which it takes the protos and its own folder.
#   docker build -f deploy/docker/minent-trainer.Dockerfile -t minent-trainer .
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG ASPNET_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
# Analyzers are for those who change the code: `./intrada test` runs them.
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NUGET_XMLDOC_MODE=skip RunAnalyzers=false
WORKDIR /src
COPY .editorconfig global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY eng/BannedSymbols.txt eng/
COPY examples/trainers/minent/MinEntTrainer.csproj examples/trainers/minent/
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet restore examples/trainers/minent/MinEntTrainer.csproj -r linux-x64
COPY protos protos
COPY examples/trainers/minent examples/trainers/minent
# Version under which this build registers; empty: the one in the repository.
ARG TRAINER_VERSION=
# libtorch goes into a layer of its own: it is half a gigabyte and does not change with the code.
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet publish examples/trainers/minent/MinEntTrainer.csproj -c Release -r linux-x64 --self-contained false -o /app -v q --nologo -nodeReuse:false -p:TrainerVersion=${TRAINER_VERSION} \
    && rm -rf artifacts/bin/MinEntTrainer /app/libtorch_python.so \
    && mkdir /native \
    && find /app -maxdepth 1 -name '*.so*' -size +1M -exec mv -t /native {} +

FROM ${ASPNET_IMAGE}
WORKDIR /app
COPY --from=build /native/ ./
COPY --from=build /app/ ./
# The root file system may be read-only: all that is kept is in the store.
ENV INTRADA_Listen=http://0.0.0.0:7415 DOTNET_EnableDiagnostics=0
USER ${APP_UID:-1654}
EXPOSE 7415
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["dotnet", "MinEntTrainer.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "MinEntTrainer.dll"]
