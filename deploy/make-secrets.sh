#!/bin/sh
# Makes the secrets that compose.yaml names, in the folder secrets beside it (or the one that is given). Those that are
# there already stay. Files are readable by others within the folder, which only its owner may enter: the containers read
# them under other users.
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"

secret() {
  [ -e "$folder/$1" ] || head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$folder/$1"
}

for role in app owner backup; do
  secret "${role}_password"
done
secret postgres_password

address() {
  printf 'postgres://guichet_%s:%s@database/guichet' "$1" "$(cat "$folder/${1}_password")" > "$folder/$2"
}

address app database_url
address owner database_owner_url
address backup database_backup_url
chmod 644 "$folder"/*
echo "Secrets are in $folder. Keep a copy where backups are not."
