# dqlmock server: small, and run by a user without rights.
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md ./
COPY dqlmock dqlmock
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --compile '.[server]'

FROM python:3.13-slim
COPY --from=build /venv /venv
RUN useradd --system --no-create-home dqlmock
USER dqlmock
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=2s CMD ["/venv/bin/python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/')"]
ENTRYPOINT ["/venv/bin/dqlmock", "server"]
CMD ["--host", "0.0.0.0"]
