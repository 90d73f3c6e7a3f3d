#!/bin/bash
# Passwords out of files into the environment, where users.d looks for them; then the image's own entry.
set -euo pipefail
MICHINORI_WRITER_PASSWORD=$(</run/michinori/writer/password)
MICHINORI_READER_PASSWORD=$(</run/michinori/reader/password)
MICHINORI_ALERTER_PASSWORD=$(</run/michinori/alerter/password)
MICHINORI_GRAFANA_PASSWORD=$(</run/michinori/grafana/reader-password)
export MICHINORI_WRITER_PASSWORD MICHINORI_READER_PASSWORD MICHINORI_ALERTER_PASSWORD MICHINORI_GRAFANA_PASSWORD
exec /entrypoint.sh "$@"
