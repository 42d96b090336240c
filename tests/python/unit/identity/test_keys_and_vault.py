"""Keyed hashes, what counts as one identifier, and a vault that opens for its own district only."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openlsi.home import Home
from openlsi.identity.hashing import add_keys, create_key_table
from openlsi.identity.keys import (
    DistrictKeys,
    KeyFileError,
    MasterKey,
    create_master_key,
    master_key,
    read_master_key,
)
from openlsi.identity.vault import Vault, VaultError

MASTER = MasterKey(bytes(range(32)), is_demo=True)
ASHFORD = DistrictKeys(MASTER, "E07000105", "k1")
DOVER = DistrictKeys(MASTER, "E07000108", "k1")


def keys_of(keys: DistrictKeys, *pairs: tuple[str, str]) -> dict[tuple[str, str], str | None]:
    """Return the key of each (purpose, raw identifier)."""
    connection = duckdb.connect()
    create_key_table(connection)
    connection.execute("create temp table given_pairs (purpose varchar, raw varchar)")
    connection.executemany("insert into given_pairs values (?, ?)", [list(pair) for pair in pairs])
    add_keys(connection, keys, {purpose for purpose, _ in pairs}, "from given_pairs")
    found = connection.execute("select purpose, raw, key from wanted").fetchall()
    assert connection.execute("select count(*) from keyed").fetchone() == (len(found),)
    return {(purpose, raw): key for purpose, raw, key in found}


def key_of(purpose: str, raw: str, keys: DistrictKeys = ASHFORD) -> str | None:
    return keys_of(keys, (purpose, raw))[purpose, raw]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1))
def test_the_hash_is_hmac_sha256_of_the_reference(raw: str) -> None:
    secret = ASHFORD.derive("hmac/account")
    reference = raw.strip(" ")
    expected = hmac.new(secret, reference.encode(), hashlib.sha256).hexdigest()[:32]
    assert key_of("account", raw) == (expected if reference else None)


def test_a_key_differs_by_district_purpose_and_key_id() -> None:
    found = keys_of(ASHFORD, ("account", "123"), ("claim", "123"), ("property", "123"))
    assert len(set(found.values())) == 3
    later = DistrictKeys(MASTER, "E07000105", "k2")
    others = {key_of("account", "123", DOVER), key_of("account", "123", later)}
    assert len(others | {found["account", "123"]}) == 3


@pytest.mark.parametrize(
    ("purpose", "one", "other"),
    [
        ("nino", "AB 12 34 56 C", "ab123456"),
        ("name", "O'Brien\x1fZoë", "OBRIEN\x1fZOE"),
        ("name_dob", "Smith-Jones\x1fAl\x1f1990-01-02", "smith jones\x1fAL\x1f1990-01-02"),
        ("dwelling", "000100060000001\x1f77", "100060000001\x1f88"),
        ("account", " 0012 ", "0012"),
    ],
)
def test_one_identifier_written_two_ways_has_one_key(purpose: str, one: str, other: str) -> None:
    found = keys_of(ASHFORD, (purpose, one), (purpose, other))
    assert len(set(found.values())) == 1
    assert None not in found.values()


@pytest.mark.parametrize(
    ("purpose", "one", "other"),
    [
        ("account", "0012", "12"),
        ("name_dob", "Smith\x1fAl\x1f1990-01-02", "Smith\x1fAl\x1f1990-01-03"),
        ("name", "Smith\x1fAl", "Smi\x1fthAl"),
        ("dwelling", "0\x1f77", "\x1f78"),
    ],
)
def test_two_identifiers_have_two_keys(purpose: str, one: str, other: str) -> None:
    assert len(set(keys_of(ASHFORD, (purpose, one), (purpose, other)).values())) == 2


@pytest.mark.parametrize(
    ("purpose", "raw"),
    [
        ("nino", "TN123456"),
        ("nino", "XX999999"),
        ("nino", "none"),
        ("name", "\x1fZoe"),
        ("name", "---\x1f"),
        ("name_dob", "Smith\x1fAl\x1f"),
        ("account", "  "),
        ("dwelling", "0\x1f"),
    ],
)
def test_what_names_nobody_has_no_key(purpose: str, raw: str) -> None:
    assert key_of(purpose, raw) is None


def test_an_identifier_is_hashed_once_and_found_again() -> None:
    connection = duckdb.connect()
    create_key_table(connection)
    query = "select 'account' as purpose, unnest(['1', '1', '2']) as raw"
    for _ in range(2):
        add_keys(connection, ASHFORD, {"account"}, query)
    assert connection.execute("select raw from keyed order by raw").fetchall() == [("1",), ("2",)]
    # A key of an earlier day stays, whatever the way to make one may be now.
    connection.execute("update keyed set key = 'kept' where raw = '1'")
    add_keys(connection, ASHFORD, {"account"}, query)
    assert connection.execute("select key from wanted where raw = '1'").fetchall() == [("kept",)]


def test_a_segment_opens_for_its_own_district_key_and_extract_only(tmp_path: Path) -> None:
    tables = {"identity_account": pa.table({"i_lead_surname": ["Brontë"]})}
    vault = Vault(tmp_path / "ashford", ASHFORD)
    vault.segments.mkdir(parents=True)
    content = vault.seal("x1", tables)
    assert "Brontë".encode() not in content
    vault.segment_path("x1").write_bytes(content)
    assert vault.open("x1") == tables
    assert vault.open("x2") == {}
    vault.segment_path("x2").write_bytes(content)
    other_key = DistrictKeys(MasterKey(b"o" * 32, is_demo=True), "E07000105", "k1")
    for refused, extract in (
        (Vault(vault.folder, DOVER), "x1"),
        (Vault(vault.folder, other_key), "x1"),
        (vault, "x2"),
    ):
        with pytest.raises(VaultError, match="cannot be opened"):
            refused.open(extract)
    for place in (0, 10, 11, 15, len(content) // 2, len(content) - 1):
        changed = bytearray(content)
        changed[place] ^= 1
        vault.segment_path("x1").write_bytes(bytes(changed))
        with pytest.raises(VaultError):
            vault.open("x1")
    for length in (0, 5, 10, 11, 13, 20):
        vault.segment_path("x1").write_bytes(content[:length])
        with pytest.raises(VaultError):
            vault.open("x1")


def test_a_vault_holds_segments_of_several_key_ids(tmp_path: Path) -> None:
    tables = {"identity_account": pa.table({"i_lead_surname": ["Brontë"]})}
    earlier, later = (
        Vault(tmp_path, DistrictKeys(MASTER, "E07000105", key_id)) for key_id in ("k1", "k2")
    )
    earlier.segments.mkdir()
    earlier.segment_path("x1").write_bytes(earlier.seal("x1", tables))
    later.segment_path("x2").write_bytes(later.seal("x2", tables))
    assert later.open("x1") == later.open("x2") == earlier.open("x2") == tables
    # The name in the header is bound to what it opens: sealed with one, it opens with no other.
    content = later.segment_path("x2").read_bytes()
    later.segment_path("x2").write_bytes(content.replace(b"k2", b"k1", 1))
    with pytest.raises(VaultError, match="cannot be opened"):
        later.open("x2")


def test_a_master_key_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    create_master_key(path)
    assert path.stat().st_mode & 0o077 == 0
    key = read_master_key(path)
    assert (len(key.secret), key.is_demo) == (32, False)
    assert repr(key) == "MasterKey(is_demo=False)"
    with pytest.raises(KeyFileError, match="never overwritten"):
        create_master_key(path)
    assert read_master_key(path) == key


@pytest.mark.parametrize(
    "text", ["", "hello", "openlsi-master-key:1:real:AAAA", "openlsi-master-key:1:real:%%%", "é"]
)
def test_a_file_that_is_no_key_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeyFileError) as caught:
        read_master_key(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_real_county_needs_a_real_key_kept_outside_its_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.delenv("LSI_MASTER_KEY_FILE", raising=False)
    assert master_key(home, is_demo=True).is_demo
    with pytest.raises(KeyFileError, match="LSI_MASTER_KEY_FILE is not set"):
        master_key(home, is_demo=False)
    monkeypatch.setenv("LSI_MASTER_KEY_FILE", str(home.root / "keys" / "master.key"))
    with pytest.raises(KeyFileError, match="a demo key"):
        master_key(home, is_demo=False)
    inside, outside = home.root / "real.key", tmp_path / "real.key"
    create_master_key(inside)
    create_master_key(outside)
    monkeypatch.setenv("LSI_MASTER_KEY_FILE", str(inside))
    with pytest.raises(KeyFileError, match="lies inside LSI_HOME"):
        master_key(home, is_demo=False)
    monkeypatch.setenv("LSI_MASTER_KEY_FILE", str(outside))
    assert not master_key(home, is_demo=False).is_demo
