# One image for the web, worker, scheduler and migration processes of docker-compose.yml.
# Packages come from requirements/production.lock by hash; the image's user owns nothing but the data folders.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/qudao
ENV PATH=/opt/qudao/bin:$PATH
COPY requirements ./requirements
RUN pip install --require-hashes --no-deps -r requirements/build.lock \
    && pip install --require-hashes --no-deps --no-build-isolation -r requirements/production.lock
COPY . .
RUN pip install --no-deps --no-build-isolation . \
    && pip uninstall --yes hatchling setuptools setuptools-scm
# Static files are part of the image: hashed names, compressed. The values are needed to start and used for nothing.
RUN QUDAO_ENV=production QUDAO_SECRET_KEY=only-while-building QUDAO_BASE_URL=https://build.invalid \
    QUDAO_ALLOWED_HOSTS=build.invalid QUDAO_CACHE_URL=locmem:// DATABASE_URL=sqlite:////tmp/unused.sqlite3 \
    QUDAO_DATA_DIR=/tmp QUDAO_STATIC_ROOT=/srv/qudao/static \
    django-admin collectstatic --noinput --settings qudao_site.settings

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 qudao \
    && useradd --system --uid 10001 --gid qudao --home-dir /srv/qudao qudao \
    && install --directory --owner qudao --group qudao --mode 0750 /srv/qudao/media /srv/qudao/private
COPY --from=build /opt/qudao /opt/qudao
COPY --from=build /srv/qudao/static /srv/qudao/static
ENV PATH=/opt/qudao/bin:$PATH \
    DJANGO_SETTINGS_MODULE=qudao_site.settings \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2
WORKDIR /srv/qudao
USER qudao
EXPOSE 8000
CMD ["gunicorn", "--config", "python:qudao_site.gunicorn", "qudao_site.wsgi"]
