#!/usr/bin/env bash
# Users of the services and what each may do. Run once by an administrator, again after a change; every line may be repeated.
#   BOOTSTRAP=kafka-1:9092 COMMAND_CONFIG=admin.properties SECRETS=/run/secrets ./acls.sh
# $SECRETS/michinori-ingest and so on hold the passwords. PREFIX is log.kafka.topicPrefix, GROUP is processor.group.
set -euo pipefail

: "${BOOTSTRAP:?address of a broker, host:port}"
: "${COMMAND_CONFIG:?properties by which the administrator connects}"
: "${SECRETS:?folder with a file of the password per user}"
PREFIX=${PREFIX:-michinori.}
GROUP=${GROUP:-michinori-sink}

user() {
  kafka-configs.sh --bootstrap-server "$BOOTSTRAP" --command-config "$COMMAND_CONFIG" --alter --entity-type users \
    --entity-name "$1" --add-config "SCRAM-SHA-512=[iterations=8192,password=$(<"$SECRETS/$1")]"
}

allow() {
  local name=$1
  shift
  kafka-acls.sh --bootstrap-server "$BOOTSTRAP" --command-config "$COMMAND_CONFIG" --add --allow-principal "User:$name" "$@"
}

for name in michinori-ingest michinori-processor michinori-query-api michinori-alerter; do
  user "$name"
  # Every service makes the topics that are missing and compares the settings of those that are there.
  allow "$name" --operation Create --operation Describe --operation DescribeConfigs --topic "$PREFIX" --resource-pattern-type prefixed
done

allow michinori-ingest --operation Write --topic "${PREFIX}events" --topic "${PREFIX}dead-letters"

# Reads everything (the auditor again and again), writes what it found out, and is the only member of its groups:
# $GROUP.events, $GROUP.dead-letters, $GROUP.definitions.
allow michinori-processor --operation Read --topic "$PREFIX" --resource-pattern-type prefixed
allow michinori-processor --operation Write --topic "${PREFIX}signals"
allow michinori-processor --operation Read --operation Describe --group "$GROUP." --resource-pattern-type prefixed

# Writes definitions (journeys, improvements, rebuilds), and reads them back.
allow michinori-query-api --operation Write --operation Read --topic "${PREFIX}definitions"
allow michinori-query-api --operation Describe --group "$GROUP." --resource-pattern-type prefixed

# Writes alerts to the signals, where a channel is for them.
allow michinori-alerter --operation Write --topic "${PREFIX}signals"
