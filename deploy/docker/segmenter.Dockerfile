# The segmenter. Context: the root of the repository.
#   docker build -f deploy/docker/segmenter.Dockerfile -t intrada-segmenter .
# The stages up to "shared" are the same text in every Dockerfile here, so that their layers are built once for all services.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG ASPNET_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS shared
# Analyzers are for those who change the code: `./intrada test` runs them.
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NUGET_XMLDOC_MODE=skip RunAnalyzers=false
WORKDIR /src
COPY .editorconfig global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY eng/BannedSymbols.txt eng/
COPY services/shared/Access/IntraDA.Access.csproj services/shared/Access/
COPY services/shared/Contracts/IntraDA.Contracts.csproj services/shared/Contracts/
COPY services/shared/Artifacts/IntraDA.Artifacts.csproj services/shared/Artifacts/
COPY services/shared/Data/IntraDA.Data.csproj services/shared/Data/
COPY services/shared/Hosting/IntraDA.Hosting.csproj services/shared/Hosting/
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet restore services/shared/Hosting/IntraDA.Hosting.csproj
COPY protos protos
COPY services/shared/Access services/shared/Access
COPY services/shared/Contracts services/shared/Contracts
COPY services/shared/Artifacts services/shared/Artifacts
COPY services/shared/Data services/shared/Data
COPY services/shared/Hosting services/shared/Hosting
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet build services/shared/Hosting/IntraDA.Hosting.csproj -c Release -v q --nologo -nodeReuse:false

# cpu or cuda: which libtorch is put in.
FROM shared AS learning
ARG TORCH_BACKEND=cpu
ENV TorchBackend=${TORCH_BACKEND}
COPY services/shared/Learning/IntraDA.Learning.csproj services/shared/Learning/
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet restore services/shared/Learning/IntraDA.Learning.csproj
COPY services/shared/Learning services/shared/Learning
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet build services/shared/Learning/IntraDA.Learning.csproj -c Release -v q --nologo -nodeReuse:false

FROM learning AS build
COPY services/segmenter/IntraDA.Segmenter.csproj services/segmenter/
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet restore services/segmenter/IntraDA.Segmenter.csproj -r linux-x64
COPY services/segmenter services/segmenter
# libtorch goes into a layer of its own: it is half a gigabyte and does not change with the code. The outputs of the build beside
# those of the publication are only weight in the cache, and .NET has no use for libtorch's Python binding.
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet publish services/segmenter/IntraDA.Segmenter.csproj -c Release -r linux-x64 --self-contained false -o /app -v q --nologo -nodeReuse:false \
    && rm -rf artifacts/bin/IntraDA.Segmenter /app/libtorch_python.so \
    && mkdir /native \
    && find /app -maxdepth 1 -name '*.so*' -size +1M -exec mv -t /native {} +

FROM ${ASPNET_IMAGE}
WORKDIR /app
COPY --from=build /native/ ./
COPY --from=build /app/ ./
# The root file system may be read-only: what the service keeps is in the store, what it spools is in /tmp.
ENV INTRADA_Listen=http://0.0.0.0:7411 INTRADA_HOME=/tmp/intrada DOTNET_EnableDiagnostics=0 \
    MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=2147483647 MALLOC_MMAP_THRESHOLD_=33554432
USER ${APP_UID:-1654}
EXPOSE 7411
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["dotnet", "IntraDA.Segmenter.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "IntraDA.Segmenter.dll"]
