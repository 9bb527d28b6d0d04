// The AWS SDK for Go v2 against a running server; see tests/clients/suites.py.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

type item = map[string]types.AttributeValue

var (
	ctx      = context.Background()
	table    = aws.String("music")
	endpoint = os.Getenv("DQLMOCK_ENDPOINT")
	features = strings.Split(os.Getenv("DQLMOCK_FEATURES"), ",")
	signer   = credentials.NewStaticCredentialsProvider("AKIAGO", "secret", "")
	client   = dynamodb.New(dynamodb.Options{
		BaseEndpoint:             &endpoint,
		Region:                   "us-east-1",
		Credentials:              signer,
		EnableAcceptEncodingGzip: true,
	})
)

func check(ok bool, what string, got any) {
	if !ok {
		panic(fmt.Sprintf("%s: %v", what, got))
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

func number(value string) types.AttributeValue { return &types.AttributeValueMemberN{Value: value} }

func key(artist, song string) item { return item{"artist": text(artist), "song": text(song)} }

func tables() {
	definition := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
	}
	input := &dynamodb.CreateTableInput{
		TableName:            table,
		AttributeDefinitions: []types.AttributeDefinition{definition("artist"), definition("song")},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("artist"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("song"), KeyType: types.KeyTypeRange},
		},
		BillingMode: types.BillingModePayPerRequest,
	}
	if slices.Contains(features, "streams") {
		input.StreamSpecification = &types.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewImage,
		}
	}
	must(client.CreateTable(ctx, input))
	described := must(client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: table}))
	check(described.Table.TableStatus == types.TableStatusActive, "status", described.Table.TableStatus)
	names := must(client.ListTables(ctx, &dynamodb.ListTablesInput{})).TableNames
	check(slices.Equal(names, []string{*table}), "names", names)
}

func items() {
	stored := key("a", "s")
	stored["plays"] = number("1")
	stored["cover"] = &types.AttributeValueMemberB{Value: []byte{0, 255}}
	must(client.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: stored}))
	get := &dynamodb.GetItemInput{TableName: table, Key: key("a", "s")}
	cover := must(client.GetItem(ctx, get)).Item["cover"].(*types.AttributeValueMemberB).Value
	check(slices.Equal(cover, []byte{0, 255}), "cover", cover)
	_, err := client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: table, Item: stored, ConditionExpression: aws.String("attribute_not_exists(artist)"),
	})
	var failed *types.ConditionalCheckFailedException
	check(errors.As(err, &failed), "condition", err)
	updated := must(client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 table,
		Key:                       key("a", "s"),
		UpdateExpression:          aws.String("ADD plays :one"),
		ExpressionAttributeValues: item{":one": number("1")},
		ReturnValues:              types.ReturnValueUpdatedNew,
	}))
	plays := updated.Attributes["plays"].(*types.AttributeValueMemberN).Value
	check(plays == "2", "plays", plays)
	must(client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: table, Key: key("a", "s")}))
	gone := must(client.GetItem(ctx, get)).Item
	check(len(gone) == 0, "gone", gone)
}

func pages() {
	for i := range 25 {
		stored := key("pages", fmt.Sprintf("song %02d", i))
		must(client.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: stored}))
	}
	paginator := dynamodb.NewQueryPaginator(client, &dynamodb.QueryInput{
		TableName:                 table,
		KeyConditionExpression:    aws.String("artist = :a"),
		ExpressionAttributeValues: item{":a": text("pages")},
		Limit:                     aws.Int32(10),
	})
	count, songs := 0, []string{}
	for paginator.HasMorePages() {
		count++
		for _, found := range must(paginator.NextPage(ctx)).Items {
			songs = append(songs, found["song"].(*types.AttributeValueMemberS).Value)
		}
	}
	check(count == 3, "pages", count)
	check(len(songs) == 25 && slices.IsSorted(songs), "songs", songs)
}

func transactions() {
	put := func(song string, condition *string) types.TransactWriteItem {
		return types.TransactWriteItem{Put: &types.Put{
			TableName: table, Item: key("transact", song), ConditionExpression: condition,
		}}
	}
	write := func(writes ...types.TransactWriteItem) error {
		_, err := client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
		return err
	}
	check(write(put("1", nil), put("2", nil)) == nil, "transaction", nil)
	err := write(put("3", nil), put("1", aws.String("attribute_not_exists(artist)")))
	var canceled *types.TransactionCanceledException
	check(errors.As(err, &canceled), "canceled", err)
	check(*canceled.CancellationReasons[1].Code == "ConditionalCheckFailed", "reasons", err)
	got := must(client.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{
		TransactItems: []types.TransactGetItem{
			{Get: &types.Get{TableName: table, Key: key("transact", "1")}},
			{Get: &types.Get{TableName: table, Key: key("transact", "3")}},
		},
	}))
	check(len(got.Responses[0].Item) == 2 && len(got.Responses[1].Item) == 0, "got", got.Responses)
}

func partiql() {
	run := func(statement string, parameters ...types.AttributeValue) []item {
		return must(client.ExecuteStatement(ctx, &dynamodb.ExecuteStatementInput{
			Statement: &statement, Parameters: parameters,
		})).Items
	}
	run(`INSERT INTO "music" VALUE {'artist': ?, 'song': ?}`, text("partiql"), text("one"))
	found := run(`SELECT song FROM "music" WHERE artist = ?`, text("partiql"))
	check(len(found) == 1 && found[0]["song"].(*types.AttributeValueMemberS).Value == "one", "found", found)
}

func streams() {
	stream := dynamodbstreams.New(dynamodbstreams.Options{
		BaseEndpoint: &endpoint, Region: "us-east-1", Credentials: signer,
	})
	arn := must(client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: table})).Table.LatestStreamArn
	described := must(stream.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: arn}))
	songs := []string{}
	for _, shard := range described.StreamDescription.Shards {
		iterator := must(stream.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{
			StreamArn: arn, ShardId: shard.ShardId,
			ShardIteratorType: streamtypes.ShardIteratorTypeTrimHorizon,
		}))
		records := must(stream.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{
			ShardIterator: iterator.ShardIterator,
		}))
		for _, record := range records.Records {
			songs = append(songs, record.Dynamodb.Keys["song"].(*streamtypes.AttributeValueMemberS).Value)
		}
	}
	check(slices.Contains(songs, "song 24"), "songs", songs)
}

func main() {
	suite := []struct {
		name string
		run  func()
	}{
		{"tables", tables}, {"items", items}, {"pages", pages},
		{"transactions", transactions}, {"partiql", partiql}, {"streams", streams},
	}
	for _, section := range suite {
		if slices.Contains(features, section.name) {
			section.run()
			fmt.Println("ok", section.name)
		}
	}
}
