# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS build
COPY requirements.txt /
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --home-dir /app bot \
    && install --directory --owner=bot --mode=0700 /data
COPY --from=build /venv /venv
WORKDIR /app
COPY LICENSE manifest.yml ./
COPY calculator calculator
COPY storage storage
COPY bot bot
RUN /venv/bin/python -m compileall -q bot calculator storage
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_PATH=/data/inference.db \
    OPERATE_LISTEN=127.0.0.1:9000
USER bot
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9000/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
