#!/usr/bin/env bash
# The AWS CLI against a running server; see tests/clients/suites.py.
set -euo pipefail
export AWS_ACCESS_KEY_ID=AKIACLI AWS_SECRET_ACCESS_KEY=secret AWS_DEFAULT_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_PAGER=

dynamodb() { "$AWS_CLI" dynamodb --endpoint-url "$DQLMOCK_ENDPOINT" --output text "$@"; }
has() { [[ ",$DQLMOCK_FEATURES," == *",$1,"* ]]; }
key() { echo "{\"artist\": {\"S\": \"$1\"}, \"song\": {\"S\": \"$2\"}}"; }
check() { [ "$1" = "$2" ] || { echo "expected '$2', got '$1'" >&2; exit 1; }; }

tables() {
    local stream=()
    if has streams; then
        stream=(--stream-specification StreamEnabled=true,StreamViewType=NEW_IMAGE)
    fi
    dynamodb create-table --table-name music --billing-mode PAY_PER_REQUEST \
        --attribute-definitions AttributeName=artist,AttributeType=S AttributeName=song,AttributeType=S \
        --key-schema AttributeName=artist,KeyType=HASH AttributeName=song,KeyType=RANGE \
        "${stream[@]}" >/dev/null
    dynamodb wait table-exists --table-name music
    check "$(dynamodb list-tables --query 'TableNames[0]')" music
}

items() {
    local item='{"artist": {"S": "a"}, "song": {"S": "s"}, "plays": {"N": "1"}}'
    dynamodb put-item --table-name music --item "$item"
    if dynamodb put-item --table-name music --item "$item" \
        --condition-expression 'attribute_not_exists(artist)' 2>error.txt; then
        echo "the condition held" >&2
        exit 1
    fi
    grep -q ConditionalCheckFailedException error.txt
    check "$(dynamodb update-item --table-name music --key "$(key a s)" --return-values UPDATED_NEW \
        --update-expression 'ADD plays :one' --expression-attribute-values '{":one": {"N": "1"}}' \
        --query Attributes.plays.N)" 2
    dynamodb delete-item --table-name music --key "$(key a s)"
    check "$(dynamodb get-item --table-name music --key "$(key a s)" --query Item)" None
}

pages() {
    local number
    for number in 0 1 2 3 4; do
        dynamodb put-item --table-name music --item "$(key pages "song $number")"
    done
    check "$(dynamodb query --table-name music --page-size 2 --key-condition-expression 'artist = :a' \
        --expression-attribute-values '{":a": {"S": "pages"}}' --query 'Items[].song.S' | tr '\t\n' '  ')" \
        "song 0 song 1 song 2 song 3 song 4 "
}

transactions() {
    put() { echo "{\"Put\": {\"TableName\": \"music\", \"Item\": $(key transact "$1")$2}}"; }
    dynamodb transact-write-items --transact-items "[$(put 1 ''), $(put 2 '')]"
    local condition=', "ConditionExpression": "attribute_not_exists(artist)"'
    if dynamodb transact-write-items --transact-items "[$(put 3 ''), $(put 1 "$condition")]" 2>error.txt; then
        echo "the transaction went through" >&2
        exit 1
    fi
    grep -q '\[None, ConditionalCheckFailed\]' error.txt
    check "$(dynamodb transact-get-items --query 'Responses[0].Item.song.S' --transact-items \
        "[{\"Get\": {\"TableName\": \"music\", \"Key\": $(key transact 1)}}]")" 1
}

partiql() {
    dynamodb execute-statement --statement "INSERT INTO \"music\" VALUE {'artist': ?, 'song': ?}" \
        --parameters '[{"S": "partiql"}, {"S": "one"}]'
    check "$(dynamodb execute-statement --statement 'SELECT song FROM "music" WHERE artist = ?' \
        --parameters '[{"S": "partiql"}]' --query 'Items[].song.S')" one
}

streams() {
    streams_of() { "$AWS_CLI" dynamodbstreams --endpoint-url "$DQLMOCK_ENDPOINT" --output text "$@"; }
    local arn shard iterator
    arn=$(dynamodb describe-table --table-name music --query Table.LatestStreamArn)
    shard=$(streams_of describe-stream --stream-arn "$arn" --query 'StreamDescription.Shards[0].ShardId')
    iterator=$(streams_of get-shard-iterator --stream-arn "$arn" --shard-id "$shard" \
        --shard-iterator-type TRIM_HORIZON --query ShardIterator)
    streams_of get-records --shard-iterator "$iterator" --query 'Records[].dynamodb.Keys.song.S' | grep -q "song 4"
}

cd "$(mktemp -d)"
for section in tables items pages transactions partiql streams; do
    if has "$section"; then
        "$section"
        echo "ok $section"
    fi
done
