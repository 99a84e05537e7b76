FROM python:3.13-slim-bookworm

# the optional engines of `manage.py doctor`; --build-arg ENGINES="" leaves them all out (1.5 GB less)
ARG ENGINES="chromium djvulibre-bin tesseract-ocr tesseract-ocr-eng \
    libreoffice-writer-nogui libreoffice-impress-nogui libreoffice-math-nogui \
    texlive-xetex texlive-latex-recommended texlive-latex-extra texlive-science texlive-fonts-recommended \
    lmodern fonts-cmu fonts-open-sans fonts-croscore fonts-noto-core fonts-noto-cjk"
RUN if [ -n "$ENGINES" ]; then \
        apt-get update \
        && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $ENGINES \
        && rm -rf /var/lib/apt/lists/*; \
    fi

RUN useradd --create-home --uid 1000 mathpixweb \
    && mkdir /app /data \
    && chown mathpixweb:mathpixweb /app /data
USER mathpixweb
WORKDIR /app

# the packages first: this layer is built again only when a lock file changes
COPY --chown=mathpixweb:mathpixweb pyproject.toml uv.lock package.json package-lock.json ./
COPY --chown=mathpixweb:mathpixweb mathpixweb/__init__.py mathpixweb/bootstrap.py mathpixweb/
RUN python3 -m mathpixweb.bootstrap && rm -rf ~/.cache ~/.npm

COPY --chown=mathpixweb:mathpixweb . .

ENV HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["python3", "-c", "\
import os, urllib.request; \
urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["python3", "manage.py", "serve"]
