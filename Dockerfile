# lithostat in an image: `docker build -t lithostat .`, then
#
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" lithostat run case.yaml
#
# The first stage makes the environment from the lock, every file checked by its hash; the second one holds that and
# the system libraries that it needs, and runs as an ordinary user.
FROM debian:trixie-slim AS environment
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv
COPY requirements.lock /source/requirements.lock
RUN python3 -m venv /opt/lithostat && /opt/lithostat/bin/pip download -q --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -d /wheels -r /source/requirements.lock
COPY pyproject.toml README.md LICENSE /source/
COPY meshes /source/meshes
COPY solver /source/solver
COPY configs /source/configs
# Of all that the lock holds, only what the program itself needs is installed.
RUN /opt/lithostat/bin/pip install -q --disable-pip-version-check --no-index --find-links /wheels --no-compile "/source[wheel]"

FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-dev gcc libc6-dev libegl1 libgl1 libglu1-mesa libx11-6 libxext6 libxfixes3 libxrender1 libxcursor1 libxft2 libxinerama1 libfontconfig1 libgomp1 && apt-get clean && rm -rf /var/lib/apt/lists/*
COPY --from=environment /opt/lithostat /opt/lithostat
RUN useradd --no-create-home --uid 1000 lithostat && install -d -o lithostat -g lithostat /work /cache && chmod 1777 /cache
ENV PATH=/opt/lithostat/bin:/usr/local/bin:/usr/bin:/bin
ENV LITHOSTAT_CACHE=/cache
# A number that --user gives has no home, and libraries look there for their settings.
ENV HOME=/tmp
ENV OMP_NUM_THREADS=1
USER lithostat
WORKDIR /work
ENTRYPOINT ["lithostat"]
CMD ["--help"]
