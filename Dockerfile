# One image for every part; which part a container is, its command says ('tonghop airflow COMPONENT').
FROM python:3.11-slim

# The package reads its data (SQL, reference, dbt models, DAGs) from the checkout, so the checkout is what is installed.
WORKDIR /opt/tonghop
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TZ=UTC

# First what changes seldom: a change of the code does not install the libraries again.
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir uv \
 && python -m uv venv /opt/venv \
 && python -m uv pip install --no-cache --python /opt/venv/bin/python --require-hashes --requirement requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY include include
COPY expectations expectations
COPY dbt_project dbt_project
COPY dags dags
RUN python -m uv pip install --no-cache --python /opt/venv/bin/python --no-deps --editable . \
 && python -m compileall -q /opt/venv /opt/tonghop

# Not root; the folders belong to the user, and new volumes laid over them take that over.
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin tonghop \
 && mkdir -p /state/log /state/reports /inbox dbt_project/target dbt_project/logs \
 && chown -R tonghop:tonghop /state /inbox dbt_project
USER tonghop

CMD ["tonghop", "--help"]
