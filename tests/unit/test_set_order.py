from __future__ import annotations

from dqlmock.set_order import hash_set_order, remainder_order


def test_names_stand_as_aws_was_seen_to_print_them() -> None:
    # https://github.com/agno-agi/agno/issues/4769
    defined = (
        "id name description metadata type size linked_to access_count status status_message "
        "created_at updated_at external_id"
    )
    printed = (
        "status_message, metadata, description, created_at, access_count, external_id, type, "
        "size, updated_at, name, id, linked_to, status"
    )
    assert ", ".join(hash_set_order(defined.split())) == printed


def test_the_order_given_breaks_ties_only() -> None:
    # "Aa" and "BB" have the same hash code in Java.
    assert hash_set_order(["Aa", "BB"]) == ["Aa", "BB"]
    assert hash_set_order(["BB", "Aa"]) == ["BB", "Aa"]
    assert hash_set_order(["pk", "sk", "gsi"]) == hash_set_order(["gsi", "sk", "pk"])


def test_names_are_printed_once() -> None:
    assert hash_set_order(["a", "a"]) == ["a"]


def test_a_character_beyond_the_basic_plane_counts_as_two() -> None:
    assert sorted(hash_set_order(["\U0001f600", "a", "\ud83d"])) == ["a", "\ud83d", "\U0001f600"]


def test_a_copy_of_twelve_names_has_twice_the_buckets_of_a_set_that_grew() -> None:
    # "!" and "1" are 16 apart.
    names = ["1", "!", *"abcdefghij"]
    assert len(names) == 12
    grown = hash_set_order(names)
    assert grown.index("1") < grown.index("!")
    assert remainder_order(names, ["1", "!"]) == ["!", "1"]
    assert remainder_order(names[:11], ["1", "!"]) == ["1", "!"]


def test_two_names_left_over_as_aws_was_seen_to_print_them() -> None:
    # https://github.com/awspilot/dynamodb-oop/issues/29
    names = [":create_at_1_v1", ":create_at_2_v1"]
    assert remainder_order(names, names) == [":create_at_2_v1", ":create_at_1_v1"]
