# One image with the five workers, the command line and its benchmarks; compose.yaml names the program. Needs an x86-64-v3 processor (AVX2, FMA) or arm64;
# built with --build-arg COLUMNA_PROCESSOR=any it runs on any x86-64, more slowly.
ARG SWIFT_IMAGE=swift:6.3-bookworm
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${SWIFT_IMAGE} AS build
WORKDIR /source
# What is compiled against; the services themselves are other containers.
COPY Scripts/packages.txt Scripts/packages.txt
RUN apt-get update -q \
    && grep -vE '^(#|$|postgresql|rabbitmq-server|amqp-tools|orthanc|openmpi)' Scripts/packages.txt | xargs apt-get install -y -q --no-install-recommends \
    && rm -rf /var/lib/apt/lists/*
# Dependencies change less often than the sources: resolved in a layer of their own.
COPY Package.* ./
RUN swift package resolve
COPY Shared Shared
COPY Services Services
COPY Tests Tests
ARG COLUMNA_PROCESSOR=
RUN swift build -c release --static-swift-stdlib \
    && mkdir -p /programs \
    && for name in columna columna-bench columna-ingestion columna-preprocessing columna-training columna-inference columna-evaluation; do \
           install -m 755 "$(swift build -c release --show-bin-path)/$name" /programs/ || exit 1; \
       done

FROM ${RUNTIME_IMAGE}
# What else it shall have: openmpi-bin where COLUMNA_RANKS is more than one.
ARG COLUMNA_PACKAGES=
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends \
        ca-certificates libcurl4 libdcmtk17 libnifti2-2 libopenblas0-pthread libopenjp2-7 libpng16-16 libpq5 librabbitmq4 libssl3 libstdc++6 zlib1g ${COLUMNA_PACKAGES} \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin columna \
    && install -d -o columna -g columna -m 750 /storage
COPY --from=build /programs/ /usr/local/bin/
COPY Migrations /usr/local/share/columna/Migrations
COPY Models /usr/local/share/columna/Models
# The programs hold bones whose licences ask to be told.
COPY Shared/Bindings/CSpineShapes/NOTICE /usr/local/share/columna/NOTICE.bones
# Parallelism is the workers' own, outside the library's calls.
ENV OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 COLUMNA_MIGRATIONS=/usr/local/share/columna/Migrations \
    COLUMNA_MODELS=/usr/local/share/columna/Models
USER columna
STOPSIGNAL SIGTERM
CMD ["columna", "--help"]
