#!/bin/sh
# Run once by the image of PostgreSQL, over an empty database: three roles that can do no more than they must.
set -eu
secrets=${SECRETS:-/run/secrets}

psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set app="$(cat "$secrets/app_password")" --set owner="$(cat "$secrets/owner_password")" --set backup="$(cat "$secrets/backup_password")" <<'SQL'
CREATE ROLE guichet_owner LOGIN PASSWORD :'owner' NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
CREATE ROLE guichet_app LOGIN PASSWORD :'app' NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
CREATE ROLE guichet_backup LOGIN PASSWORD :'backup' NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE;
GRANT pg_read_all_data TO guichet_backup;
CREATE DATABASE guichet OWNER guichet_owner;
REVOKE CONNECT ON DATABASE guichet FROM PUBLIC;
GRANT CONNECT ON DATABASE guichet TO guichet_app, guichet_backup;
SQL
