// The AWS SDK for Java 2.x against a running server; see tests/clients/suites.py.

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

public class Suite {
  static final String TABLE = "music";
  static final URI ENDPOINT = URI.create(System.getenv("DQLMOCK_ENDPOINT"));
  static final List<String> FEATURES = List.of(System.getenv("DQLMOCK_FEATURES").split(","));
  static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAJAVA", "secret"));
  static final DynamoDbClient CLIENT =
      DynamoDbClient.builder()
          .endpointOverride(ENDPOINT)
          .region(Region.US_EAST_1)
          .credentialsProvider(CREDENTIALS)
          .build();

  static void check(boolean holds, Object got) {
    if (!holds) {
      throw new AssertionError(got);
    }
  }

  static <E extends Exception> E thrown(Class<E> kind, Runnable run) {
    try {
      run.run();
    } catch (Exception error) {
      if (kind.isInstance(error)) {
        return kind.cast(error);
      }
      throw error;
    }
    throw new AssertionError("nothing thrown, expected " + kind);
  }

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static Map<String, AttributeValue> key(String artist, String song) {
    return new HashMap<>(Map.of("artist", text(artist), "song", text(song)));
  }

  static void tables() {
    CLIENT.createTable(
        create -> {
          create
              .tableName(TABLE)
              .attributeDefinitions(
                  a -> a.attributeName("artist").attributeType(ScalarAttributeType.S),
                  a -> a.attributeName("song").attributeType(ScalarAttributeType.S))
              .keySchema(
                  k -> k.attributeName("artist").keyType(KeyType.HASH),
                  k -> k.attributeName("song").keyType(KeyType.RANGE))
              .billingMode(BillingMode.PAY_PER_REQUEST);
          if (FEATURES.contains("streams")) {
            create.streamSpecification(
                s -> s.streamEnabled(true).streamViewType(StreamViewType.NEW_IMAGE));
          }
        });
    TableStatus status = CLIENT.describeTable(d -> d.tableName(TABLE)).table().tableStatus();
    check(status == TableStatus.ACTIVE, status);
    List<String> names = CLIENT.listTables().tableNames();
    check(names.equals(List.of(TABLE)), names);
  }

  static void items() {
    Map<String, AttributeValue> item = key("a", "s");
    item.put("plays", AttributeValue.fromN("1"));
    item.put("cover", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1})));
    CLIENT.putItem(p -> p.tableName(TABLE).item(item));
    var got = CLIENT.getItem(g -> g.tableName(TABLE).key(key("a", "s"))).item();
    check(got.equals(item), got);
    thrown(
        ConditionalCheckFailedException.class,
        () ->
            CLIENT.putItem(
                p ->
                    p.tableName(TABLE)
                        .item(item)
                        .conditionExpression("attribute_not_exists(artist)")));
    var updated =
        CLIENT.updateItem(
            u ->
                u.tableName(TABLE)
                    .key(key("a", "s"))
                    .updateExpression("ADD plays :one")
                    .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1")))
                    .returnValues(ReturnValue.UPDATED_NEW));
    check(updated.attributes().get("plays").n().equals("2"), updated);
    CLIENT.deleteItem(d -> d.tableName(TABLE).key(key("a", "s")));
    var gone = CLIENT.getItem(g -> g.tableName(TABLE).key(key("a", "s")));
    check(!gone.hasItem(), gone);
  }

  static void pages() {
    for (int i = 0; i < 25; i++) {
      String song = String.format("song %02d", i);
      CLIENT.putItem(p -> p.tableName(TABLE).item(key("pages", song)));
    }
    int count = 0;
    List<String> songs = new ArrayList<>();
    for (QueryResponse page :
        CLIENT.queryPaginator(
            q ->
                q.tableName(TABLE)
                    .keyConditionExpression("artist = :a")
                    .expressionAttributeValues(Map.of(":a", text("pages")))
                    .limit(10))) {
      count++;
      page.items().forEach(item -> songs.add(item.get("song").s()));
    }
    check(count == 3, count);
    check(songs.size() == 25 && songs.equals(songs.stream().sorted().toList()), songs);
  }

  static TransactWriteItem put(String song, String condition) {
    return TransactWriteItem.builder()
        .put(p -> p.tableName(TABLE).item(key("transact", song)).conditionExpression(condition))
        .build();
  }

  static void transactions() {
    CLIENT.transactWriteItems(t -> t.transactItems(put("1", null), put("2", null)));
    var canceled =
        thrown(
            TransactionCanceledException.class,
            () ->
                CLIENT.transactWriteItems(
                    t ->
                        t.transactItems(
                            put("3", null), put("1", "attribute_not_exists(artist)"))));
    String code = canceled.cancellationReasons().get(1).code();
    check(code.equals("ConditionalCheckFailed"), code);
    var got =
        CLIENT.transactGetItems(
            t ->
                t.transactItems(
                    i -> i.get(g -> g.tableName(TABLE).key(key("transact", "1"))),
                    i -> i.get(g -> g.tableName(TABLE).key(key("transact", "3")))));
    check(got.responses().get(0).hasItem() && !got.responses().get(1).hasItem(), got);
  }

  static void partiql() {
    CLIENT.executeStatement(
        e ->
            e.statement("INSERT INTO \"music\" VALUE {'artist': ?, 'song': ?}")
                .parameters(text("partiql"), text("one")));
    var found =
        CLIENT.executeStatement(
            e ->
                e.statement("SELECT song FROM \"music\" WHERE artist = ?")
                    .parameters(text("partiql")));
    check(found.items().equals(List.of(Map.of("song", text("one")))), found);
  }

  static void streams() {
    var streams =
        DynamoDbStreamsClient.builder()
            .endpointOverride(ENDPOINT)
            .region(Region.US_EAST_1)
            .credentialsProvider(CREDENTIALS)
            .build();
    String arn = CLIENT.describeTable(d -> d.tableName(TABLE)).table().latestStreamArn();
    List<String> songs = new ArrayList<>();
    for (var shard : streams.describeStream(d -> d.streamArn(arn)).streamDescription().shards()) {
      var iterator =
          streams.getShardIterator(
              g ->
                  g.streamArn(arn)
                      .shardId(shard.shardId())
                      .shardIteratorType(ShardIteratorType.TRIM_HORIZON));
      streams
          .getRecords(g -> g.shardIterator(iterator.shardIterator()))
          .records()
          .forEach(record -> songs.add(record.dynamodb().keys().get("song").s()));
    }
    check(songs.contains("song 24"), songs);
  }

  public static void main(String[] arguments) {
    Map<String, Runnable> suite = new LinkedHashMap<>();
    suite.put("tables", Suite::tables);
    suite.put("items", Suite::items);
    suite.put("pages", Suite::pages);
    suite.put("transactions", Suite::transactions);
    suite.put("partiql", Suite::partiql);
    suite.put("streams", Suite::streams);
    suite.forEach(
        (name, run) -> {
          if (FEATURES.contains(name)) {
            run.run();
            System.out.println("ok " + name);
          }
        });
  }
}
