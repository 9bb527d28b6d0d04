// The AWS SDK for Rust against a running server; see tests/clients/suites.py.
use std::collections::HashMap;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, Get, KeySchemaElement, KeyType, Put,
    ReturnValue, ScalarAttributeType, StreamSpecification, StreamViewType, TableStatus,
    TransactGetItem, TransactWriteItem,
};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodbstreams::types::ShardIteratorType;

type Item = HashMap<String, AttributeValue>;
type Outcome = Result<(), Box<dyn std::error::Error>>;

const TABLE: &str = "music";

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

fn key(artist: &str, song: &str) -> Item {
    HashMap::from([("artist".into(), text(artist)), ("song".into(), text(song))])
}

fn song(item: &Item) -> String {
    item["song"].as_s().unwrap().clone()
}

async fn tables(client: &Client, with_stream: bool) -> Outcome {
    let mut create = client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest);
    for (name, kind) in [("artist", KeyType::Hash), ("song", KeyType::Range)] {
        create = create
            .attribute_definitions(
                AttributeDefinition::builder()
                    .attribute_name(name)
                    .attribute_type(ScalarAttributeType::S)
                    .build()?,
            )
            .key_schema(KeySchemaElement::builder().attribute_name(name).key_type(kind).build()?);
    }
    if with_stream {
        create = create.stream_specification(
            StreamSpecification::builder()
                .stream_enabled(true)
                .stream_view_type(StreamViewType::NewImage)
                .build()?,
        );
    }
    create.send().await?;
    let described = client.describe_table().table_name(TABLE).send().await?;
    assert_eq!(described.table().unwrap().table_status(), Some(&TableStatus::Active));
    assert_eq!(client.list_tables().send().await?.table_names(), [TABLE]);
    Ok(())
}

async fn items(client: &Client) -> Outcome {
    let mut item = key("a", "s");
    item.insert("plays".into(), AttributeValue::N("1".into()));
    item.insert("cover".into(), AttributeValue::B(Blob::new([0u8, 255])));
    client.put_item().table_name(TABLE).set_item(Some(item.clone())).send().await?;
    let get = || client.get_item().table_name(TABLE).set_key(Some(key("a", "s"))).send();
    assert_eq!(get().await?.item(), Some(&item));
    let refused = client
        .put_item()
        .table_name(TABLE)
        .set_item(Some(item))
        .condition_expression("attribute_not_exists(artist)")
        .send()
        .await;
    assert!(refused.unwrap_err().into_service_error().is_conditional_check_failed_exception());
    let updated = client
        .update_item()
        .table_name(TABLE)
        .set_key(Some(key("a", "s")))
        .update_expression("ADD plays :one")
        .expression_attribute_values(":one", AttributeValue::N("1".into()))
        .return_values(ReturnValue::UpdatedNew)
        .send()
        .await?;
    assert_eq!(updated.attributes().unwrap()["plays"].as_n().unwrap(), "2");
    client.delete_item().table_name(TABLE).set_key(Some(key("a", "s"))).send().await?;
    assert_eq!(get().await?.item(), None);
    Ok(())
}

async fn pages(client: &Client) -> Outcome {
    for i in 0..25 {
        let item = key("pages", &format!("song {i:02}"));
        client.put_item().table_name(TABLE).set_item(Some(item)).send().await?;
    }
    let mut stream = client
        .query()
        .table_name(TABLE)
        .key_condition_expression("artist = :a")
        .expression_attribute_values(":a", text("pages"))
        .limit(10)
        .into_paginator()
        .send();
    let (mut count, mut songs) = (0, Vec::new());
    while let Some(page) = stream.next().await {
        count += 1;
        songs.extend(page?.items().iter().map(song));
    }
    assert_eq!((count, songs.len()), (3, 25));
    assert!(songs.windows(2).all(|pair| pair[0] < pair[1]));
    Ok(())
}

async fn transactions(client: &Client) -> Outcome {
    let put = |song: &str, condition: Option<&str>| {
        let put = Put::builder()
            .table_name(TABLE)
            .set_item(Some(key("transact", song)))
            .set_condition_expression(condition.map(String::from))
            .build()
            .unwrap();
        TransactWriteItem::builder().put(put).build()
    };
    let write = |writes| client.transact_write_items().set_transact_items(Some(writes)).send();
    write(vec![put("1", None), put("2", None)]).await?;
    let clash = put("1", Some("attribute_not_exists(artist)"));
    let error = write(vec![put("3", None), clash]).await.unwrap_err().into_service_error();
    let reasons = match &error {
        aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(canceled) => canceled.cancellation_reasons(),
        _ => panic!("{error:?}"),
    };
    assert_eq!(reasons[1].code(), Some("ConditionalCheckFailed"));
    let get = |song: &str| {
        let get = Get::builder().table_name(TABLE).set_key(Some(key("transact", song))).build();
        TransactGetItem::builder().get(get.unwrap()).build()
    };
    let got = client
        .transact_get_items()
        .transact_items(get("1"))
        .transact_items(get("3"))
        .send()
        .await?;
    let found: Vec<bool> = got.responses().iter().map(|one| one.item().is_some()).collect();
    assert_eq!(found, [true, false]);
    Ok(())
}

async fn partiql(client: &Client) -> Outcome {
    client
        .execute_statement()
        .statement(r#"INSERT INTO "music" VALUE {'artist': ?, 'song': ?}"#)
        .parameters(text("partiql"))
        .parameters(text("one"))
        .send()
        .await?;
    let found = client
        .execute_statement()
        .statement(r#"SELECT song FROM "music" WHERE artist = ?"#)
        .parameters(text("partiql"))
        .send()
        .await?;
    assert_eq!(found.items().iter().map(song).collect::<Vec<_>>(), ["one"]);
    Ok(())
}

async fn streams(client: &Client, endpoint: &str) -> Outcome {
    let stream = aws_sdk_dynamodbstreams::Client::from_conf(
        aws_sdk_dynamodbstreams::Config::builder()
            .behavior_version(aws_sdk_dynamodbstreams::config::BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("AKIARUST", "secret", None, None, "test"))
            .build(),
    );
    let described = client.describe_table().table_name(TABLE).send().await?;
    let arn = described.table().unwrap().latest_stream_arn().unwrap();
    let description = stream.describe_stream().stream_arn(arn).send().await?;
    let mut songs = Vec::new();
    for shard in description.stream_description().unwrap().shards() {
        let iterator = stream
            .get_shard_iterator()
            .stream_arn(arn)
            .shard_id(shard.shard_id().unwrap())
            .shard_iterator_type(ShardIteratorType::TrimHorizon)
            .send()
            .await?;
        let records = stream
            .get_records()
            .set_shard_iterator(iterator.shard_iterator)
            .send()
            .await?;
        for record in records.records() {
            songs.push(record.dynamodb().unwrap().keys().unwrap()["song"].as_s().unwrap().clone());
        }
    }
    assert!(songs.contains(&"song 24".to_string()));
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let endpoint = std::env::var("DQLMOCK_ENDPOINT")?;
    let features = std::env::var("DQLMOCK_FEATURES")?;
    let features: Vec<&str> = features.split(',').collect();
    let client = Client::from_conf(
        aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("AKIARUST", "secret", None, None, "test"))
            .build(),
    );
    for name in ["tables", "items", "pages", "transactions", "partiql", "streams"] {
        if !features.contains(&name) {
            continue;
        }
        match name {
            "tables" => tables(&client, features.contains(&"streams")).await?,
            "items" => items(&client).await?,
            "pages" => pages(&client).await?,
            "transactions" => transactions(&client).await?,
            "partiql" => partiql(&client).await?,
            _ => streams(&client, &endpoint).await?,
        }
        println!("ok {name}");
    }
    Ok(())
}
