// The AWS SDK for JavaScript v3 against a running server; see tests/clients/suites.py.
import assert from "node:assert/strict";
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  paginateQuery,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";

const config = {
  endpoint: process.env.DQLMOCK_ENDPOINT,
  region: "us-east-1",
  credentials: { accessKeyId: "AKIAJAVASCRIPT", secretAccessKey: "secret" },
  maxAttempts: 1,
};
const features = process.env.DQLMOCK_FEATURES.split(",");
const client = new DynamoDBClient(config);
const TableName = "music";
const key = (artist, song) => ({ artist: { S: artist }, song: { S: song } });

async function tables() {
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: ["artist", "song"].map((name) => ({
        AttributeName: name,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: "artist", KeyType: "HASH" },
        { AttributeName: "song", KeyType: "RANGE" },
      ],
      BillingMode: "PAY_PER_REQUEST",
      ...(features.includes("streams") && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
      }),
    }),
  );
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  assert.equal(Table.TableStatus, "ACTIVE");
  const { TableNames } = await client.send(new ListTablesCommand({}));
  assert.deepEqual(TableNames, [TableName]);
}

async function items() {
  const Item = { ...key("a", "s"), plays: { N: "1" }, cover: { B: new Uint8Array([0, 255]) } };
  await client.send(new PutItemCommand({ TableName, Item }));
  const got = await client.send(new GetItemCommand({ TableName, Key: key("a", "s") }));
  assert.deepEqual(got.Item, Item);
  const again = { TableName, Item, ConditionExpression: "attribute_not_exists(artist)" };
  await assert.rejects(client.send(new PutItemCommand(again)), ConditionalCheckFailedException);
  const updated = await client.send(
    new UpdateItemCommand({
      TableName,
      Key: key("a", "s"),
      UpdateExpression: "ADD plays :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
      ReturnValues: "UPDATED_NEW",
    }),
  );
  assert.deepEqual(updated.Attributes, { plays: { N: "2" } });
  await client.send(new DeleteItemCommand({ TableName, Key: key("a", "s") }));
  const gone = await client.send(new GetItemCommand({ TableName, Key: key("a", "s") }));
  assert.equal(gone.Item, undefined);
}

async function pages() {
  for (let i = 0; i < 25; i++) {
    const Item = key("pages", `song ${String(i).padStart(2, "0")}`);
    await client.send(new PutItemCommand({ TableName, Item }));
  }
  const songs = [];
  let count = 0;
  for await (const page of paginateQuery(
    { client, pageSize: 10 },
    {
      TableName,
      KeyConditionExpression: "artist = :a",
      ExpressionAttributeValues: { ":a": { S: "pages" } },
    },
  )) {
    count += 1;
    songs.push(...page.Items.map((item) => item.song.S));
  }
  assert.equal(count, 3);
  assert.equal(songs.length, 25);
  assert.deepEqual(songs, [...songs].sort());
}

async function transactions() {
  const put = (song, condition) => ({
    Put: { TableName, Item: key("transact", song), ...condition },
  });
  await client.send(new TransactWriteItemsCommand({ TransactItems: [put("1"), put("2")] }));
  const clash = put("1", { ConditionExpression: "attribute_not_exists(artist)" });
  await assert.rejects(
    client.send(new TransactWriteItemsCommand({ TransactItems: [put("3"), clash] })),
    (error) =>
      error instanceof TransactionCanceledException &&
      error.CancellationReasons[1].Code === "ConditionalCheckFailed",
  );
  const got = await client.send(
    new TransactGetItemsCommand({
      TransactItems: ["1", "3"].map((song) => ({ Get: { TableName, Key: key("transact", song) } })),
    }),
  );
  assert.deepEqual(got.Responses.map((response) => response.Item?.song?.S), ["1", undefined]);
}

async function partiql() {
  await client.send(
    new ExecuteStatementCommand({
      Statement: `INSERT INTO "${TableName}" VALUE {'artist': ?, 'song': ?}`,
      Parameters: [{ S: "partiql" }, { S: "one" }],
    }),
  );
  const { Items } = await client.send(
    new ExecuteStatementCommand({
      Statement: `SELECT song FROM "${TableName}" WHERE artist = ?`,
      Parameters: [{ S: "partiql" }],
    }),
  );
  assert.deepEqual(Items, [{ song: { S: "one" } }]);
}

async function streams() {
  const stream = new DynamoDBStreamsClient(config);
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const StreamArn = Table.LatestStreamArn;
  const { StreamDescription } = await stream.send(new DescribeStreamCommand({ StreamArn }));
  const songs = [];
  for (const { ShardId } of StreamDescription.Shards) {
    const { ShardIterator } = await stream.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
    );
    const { Records } = await stream.send(new GetRecordsCommand({ ShardIterator }));
    songs.push(...Records.map((record) => record.dynamodb.Keys.song.S));
  }
  assert.ok(songs.includes("song 24"));
}

const suite = { tables, items, pages, transactions, partiql, streams };
for (const [name, run] of Object.entries(suite)) {
  if (features.includes(name)) {
    await run();
    console.log(`ok ${name}`);
  }
}
