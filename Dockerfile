# Two stages: the first fetches packages, the second has what runs, and nothing in it that its user could change.

FROM python:3.13-slim-bookworm AS packages
WORKDIR /app
ENV UV_LINK_MODE=copy DATA_DIR=/tmp/data
COPY pyproject.toml uv.lock package.json package-lock.json ./
COPY mathpixweb/__init__.py mathpixweb/bootstrap.py mathpixweb/
# with an address of a database, PostgreSQL's driver is among them
RUN DATABASE_URL=postgres://build/build python3 -m mathpixweb.bootstrap

FROM python:3.13-slim-bookworm
# the optional engines of `manage.py doctor`; --build-arg ENGINES="" leaves them all out (2.6 GB less)
ARG ENGINES="chromium djvulibre-bin gdal-bin tesseract-ocr tesseract-ocr-eng \
    tesseract-ocr-rus tesseract-ocr-kor tesseract-ocr-vie tesseract-ocr-tha \
    tesseract-ocr-hin tesseract-ocr-ben tesseract-ocr-guj tesseract-ocr-tam tesseract-ocr-tel \
    libreoffice-writer-nogui libreoffice-impress-nogui libreoffice-math-nogui \
    texlive-xetex texlive-latex-recommended texlive-latex-extra texlive-science texlive-fonts-recommended \
    lmodern fonts-cmu fonts-open-sans fonts-croscore fonts-noto-core fonts-noto-cjk"
RUN if [ -n "$ENGINES" ]; then \
        apt-get update \
        && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $ENGINES \
        && rm -rf /var/lib/apt/lists/*; \
    fi
RUN useradd --create-home --uid 1000 mathpixweb && install -d -m 700 -o mathpixweb -g mathpixweb /data

WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY --from=packages /app/node_modules node_modules
COPY . .
RUN python3 -m compileall -q mathpixweb manage.py

USER mathpixweb
ENV HOST=0.0.0.0 PORT=8000 DATA_DIR=/data PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["python3", "-c", "\
import os, urllib.request; \
urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["python3", "manage.py", "serve"]
