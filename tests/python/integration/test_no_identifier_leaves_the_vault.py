"""Everything outside the vault, decoded value by value, holds no identifier that was sent.

All that is sent is a canary: thousands of each kind, of every feed. What commands say is read too.

The scan itself is proven on what must be found: the opened vault, and leaks planted in copies.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from built_county import SLUGS, BuiltCounty
from canaries import canaries
from leak_scan import Needles, scan
from sent_identifiers import SentIdentifiers, sent_identifiers
from typer.testing import CliRunner

from openlsi.cli import application
from openlsi.config import load_configuration
from openlsi.extract.chain import Ledger
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys, MasterKey, master_key
from openlsi.identity.vault import Vault, VaultError
from openlsi.warehouse.build import published_database
from openlsi.warehouse.opening import open_build

ROOT = Path(__file__).resolve().parents[3]
KINDS = {"reference", "uprn", "nino", "name", "address", "postcode", "birth date", "canary"}
SENDERS = (*SLUGS, "kent-education")
# What each feed tells of people and homes.
TOLD = {
    "council_tax": {"reference", "uprn", "name", "address", "postcode"},
    "cts": {"reference", "nino", "name", "birth date"},
    "housing_benefit": {"reference", "uprn", "nino", "name", "address", "postcode", "birth date"},
    "universal_credit": {"reference", "nino", "name", "address", "postcode", "birth date"},
    "rent": {"reference", "uprn", "nino", "name", "address", "postcode", "birth date"},
    "discretionary_awards": {"reference", "nino", "name", "address", "postcode", "birth date"},
    "free_school_meals": {"reference", "nino", "name", "postcode", "birth date"},
}


@dataclass(frozen=True)
class Scanned:
    """The built county, its site, what was sent of each feed, and the means to look for it."""

    county: BuiltCounty
    by_feed: dict[str, SentIdentifiers]
    sent: SentIdentifiers
    needles: Needles

    @property
    def home(self) -> Home:
        return self.county.home

    @property
    def site(self) -> Path:
        return self.county.home.site


@pytest.fixture(scope="module")
def scanned(county: BuiltCounty) -> Scanned:
    by_feed = sent_identifiers(county.home, SENDERS)
    sent = SentIdentifiers.of_all(by_feed.values())
    with canaries() as words:
        sent.add("canary", *words)
    return Scanned(county, by_feed, sent, Needles(sent))


def vault_of(home: Home, slug: str, master: MasterKey | None = None) -> Vault:
    configuration = load_configuration(home)
    district = configuration.district(slug)
    assert district
    key = master or master_key(home, configuration.is_demo)
    return Vault(home.vault / slug, DistrictKeys(key, district.code, district.key_id))


def opened_vault(home: Home, slug: str) -> list[pa.Table]:
    committed = [entry["extract_id"] for entry in Ledger.read(home).accepted()]
    opened = vault_of(home, slug).open_all(committed)
    return [table for tables in opened.values() for table in tables]


# --- nothing outside


def test_thousands_of_canaries_stand_in_the_extracts_of_every_feed(scanned: Scanned) -> None:
    counts = {kind: len(forms) for kind, forms in scanned.sent.by_kind.items()}
    assert set(counts) == KINDS
    people = counts["name"] + counts["nino"] + counts["uprn"] + counts["reference"]
    assert people > 8 * 1000
    assert min(count for kind, count in counts.items() if kind != "canary") > 900
    assert {feed: set(sent.by_kind) for feed, sent in scanned.by_feed.items()} == TOLD
    for feed, sent in scanned.by_feed.items():
        assert min(len(forms) for forms in sent.by_kind.values()) > 50, feed


def test_no_file_outside_the_vault_holds_an_identifier(scanned: Scanned) -> None:
    home = scanned.home
    # As sent, sealed, the key, and the generator's own truth, which no pipeline code reads.
    kept = (home.inbox, home.vault, home.root / "keys", home.truth)
    for folder in (home.landing, home.quarantine, home.links, home.generations):
        assert [path for path in folder.rglob("*") if path.is_file()], folder
    assert scan(home.root, scanned.needles, kept) == set()


def test_no_page_and_no_csv_of_the_site_holds_an_identifier(scanned: Scanned) -> None:
    assert {".html", ".csv", ".svg"} <= {path.suffix for path in scanned.site.rglob("*.*")}
    assert scan(scanned.site, scanned.needles) == set()


def test_what_dbt_wrote_on_the_way_holds_no_identifier(scanned: Scanned) -> None:
    assert list(scanned.county.scaffold.rglob("dbt/run/**/*.sql"))
    assert scan(scanned.county.scaffold, scanned.needles) == set()


def lsi(home: Home, *words: str) -> str:
    """Return all that a command says, and what it fails with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSI_HOME", str(home.root))
        ran = CliRunner().invoke(application(), list(words))
    failed = "" if isinstance(ran.exception, SystemExit | None) else f"\n{ran.exception}"
    assert len(ran.output + failed) > 10, words
    return ran.output + failed


def told(scanned: Scanned, text: str) -> set[tuple[str, str]]:
    """Return the identifiers in what was said; a table may part the words of a line."""
    return {
        found for form in (text, " ".join(text.split())) for found in scanned.needles.in_text(form)
    }


COMMANDS = [
    ("status", "--today", "2024-06-15"), ("holds",), ("generations",), ("ledger", "verify"),
    ("link", "review", "--list"), ("metrics", "list"), ("retain", "--dry-run"),
    *(("status", "--why", slug) for slug in SENDERS),
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_says_an_identifier(scanned: Scanned, words: tuple[str, ...]) -> None:
    assert told(scanned, lsi(scanned.home, *words)) == set()


def test_the_record_of_sharing_holds_no_identifier(scanned: Scanned, tmp_path: Path) -> None:
    said = lsi(scanned.home, "governance", "--out", str(tmp_path / "governance"))
    assert told(scanned, said) == set()
    assert len(list((tmp_path / "governance").iterdir())) > 1
    assert scan(tmp_path, scanned.needles) == set()


# A file of each feed, of each format that can be onboarded; without its header, too.
ONBOARDED = [
    ("ashford", "council_tax", "ashford_ctax_202405_ctaccount.csv"),
    ("dartford", "council_tax", "Council Tax Extract - Dartford - 2024-05.csv"),
    ("tunbridge-wells", "cts", "tunbridge-wells-CTS-202405.xlsx"),
    ("dartford", "cts", "CTR Awards - Dartford - 2024-05.csv"),
    ("ashford", "housing_benefit", "ashford_hb_202405_hbmember.csv"),
    ("ashford", "rent", "ashford_NEC_202405_people.csv"),
    ("ashford", "universal_credit", "E07000105.UC.202405.txt"),
    ("ashford", "discretionary_awards", "DHP and crisis awards - Ashford - 2024-05.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "feed", "name"), ONBOARDED, ids=[one[2] for one in ONBOARDED])
def test_onboarding_says_and_writes_no_identifier(
    scanned: Scanned, tmp_path: Path, slug: str, feed: str, name: str
) -> None:
    sent, home = scanned.home.inbox / slug / name, Home(tmp_path / "home")
    asked = ("--district", slug, "--feed", feed)
    assert told(scanned, lsi(home, "onboard", str(sent), *asked, "--write")) == set()
    if sent.suffix != ".xlsx":
        beheaded = tmp_path / name
        beheaded.write_bytes(sent.read_bytes().split(b"\n", 1)[1])
        assert told(scanned, lsi(home, "onboard", str(beheaded), *asked, "--write")) == set()
    if home.root.exists():
        assert scan(home.root, scanned.needles, [home.root / "keys"]) == set()


def test_what_a_build_spills_holds_no_identifier(scanned: Scanned, tmp_path: Path) -> None:
    """As the build opens its file, with too little memory for what is landed many times over."""
    files = [str(path) for path in scanned.home.landing.glob("feed=c*/record=a*/**/*.parquet")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSI_MEMORY_LIMIT", "60MB")
        con = open_build(tmp_path / "secure.duckdb", tmp_path / "spill")
    with closing(con):
        con.execute("set threads = 1")
        con.execute(
            "create temp table landed as"
            " select * from read_parquet($files, union_by_name = true, hive_partitioning = false),"
            " range(40)",
            {"files": files},
        )
        spills = list((tmp_path / "spill").iterdir())
        assert sum(path.stat().st_size for path in spills) > 1_000_000
        assert scan(tmp_path / "spill", scanned.needles) == set()


# --- the vault


def test_the_same_scan_finds_identifiers_of_every_kind_in_the_opened_vault(
    scanned: Scanned, tmp_path: Path
) -> None:
    ninos = set()
    for slug in SENDERS:
        for number, table in enumerate(opened_vault(scanned.home, slug)):
            # A name is told by two columns together.
            rows = pa.array([" ".join(map(str, row.values())) for row in table.to_pylist()])
            pq.write_table(pa.table({"row": rows}), tmp_path / f"{slug}-{number}.parquet")
            # One of the faults sent is a letter where a nought should be, and no suffix; a letter
            # of the next value may then look like one.
            ninos |= {
                form
                for text in rows.to_pylist()
                for found in re.findall(r"[A-Z]{2}[0-9O]{6}[A-D]?", text.replace(" ", "").upper())
                for form in (found, found[:8])
            }
    assert {leak.kind for leak in scan(tmp_path, scanned.needles)} == KINDS
    assert scanned.sent.ninos - ninos == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_vault_opens_with_its_own_key_only(scanned: Scanned, slug: str) -> None:
    home = scanned.home
    own = vault_of(home, slug)
    segments = [path.stem for path in own.segments.glob("*.seg")]
    assert segments
    assert all(own.open(segment) for segment in segments)
    another = vault_of(home, slug, MasterKey(bytes(32), is_demo=True))
    neighbour = vault_of(home, next(other for other in SLUGS if other != slug))
    for wrong in (another, Vault(own.folder, neighbour.keys)):
        with pytest.raises(VaultError, match="cannot be opened"):
            wrong.open(segments[0])


def test_no_file_of_the_vault_holds_an_identifier_as_it_is(scanned: Scanned) -> None:
    files = [path for path in scanned.home.vault.rglob("*") if path.is_file()]
    assert files
    for path in files:
        # Encrypted bytes rarely make five characters of text, and identifiers are longer.
        text = "\n".join(re.findall(r"[ -~]{5,}", path.read_bytes().decode("latin-1")))
        assert list(scanned.needles.in_text(text)) == [], path


# --- leaks that must be found


def in_landing(scanned: Scanned, folder: Path, record: str) -> Path:
    shutil.copytree(scanned.home.landing / "feed=cts", folder / "landing" / "feed=cts")
    return next((folder / "landing").glob(f"feed=*/record={record}/district=E07*/*/*.parquet"))


def changed_column(path: Path, column: str, values: Callable[[int], list[object]]) -> None:
    table = pq.read_table(path, partitioning=None)
    place = table.schema.get_field_index(column)
    changed = pa.array(values(table.num_rows), table.schema.field(column).type)
    pq.write_table(table.set_column(place, column, changed), path)


def nino_in_one_row_of_landing(scanned: Scanned, folder: Path) -> None:
    nino: list[object] = [min(scanned.sent.ninos)]
    path = in_landing(scanned, folder, "award")
    changed_column(path, "claim_key", lambda rows: nino + ["f" * 32] * (rows - 1))


def birth_dates_as_a_column_of_landing(scanned: Scanned, folder: Path) -> None:
    births: list[object] = [*sorted(scanned.sent.birth_dates)]
    path = in_landing(scanned, folder, "award")
    changed_column(path, "award_from", lambda rows: (births * rows)[:rows])


def row_of_publication(scanned: Scanned, folder: Path, value: str) -> None:
    copy = folder / "publication.duckdb"
    shutil.copyfile(published_database(scanned.home), copy)
    with closing(duckdb.connect(str(copy))) as con:
        con.execute(f"update published.districts set district_name = '{value}' where rowid = 0")


def uprn_in_one_row_of_a_database(scanned: Scanned, folder: Path) -> None:
    row_of_publication(scanned, folder, min(scanned.sent.uprns))


def name_in_one_row_of_a_database(scanned: Scanned, folder: Path) -> None:
    surname, forenames = min(scanned.sent.names)
    row_of_publication(scanned, folder, f"{forenames.upper()} {surname}")


def address_in_a_page(scanned: Scanned, folder: Path) -> None:
    page = folder / "index.html"
    shutil.copyfile(scanned.site / "index.html", page)
    number, rest = min(scanned.sent.addresses).split(" ", 1)
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</main>", f"<b>{number}</b> {rest}</main>"), encoding="utf-8")


def postcode_in_a_csv(scanned: Scanned, folder: Path) -> None:
    (folder / "some.csv").write_text(f"a,b\n1,{min(scanned.sent.postcodes)}\n", encoding="utf-8")


def reference_in_the_ledger(scanned: Scanned, folder: Path) -> None:
    copy = folder / "ledger.jsonl"
    reference = " ".join(min(scanned.sent.by_kind["reference"]))
    lines = scanned.home.ledger.read_text(encoding="utf-8").splitlines(True)
    lines[3] = lines[3].replace('"feed": "', f'"feed": "{reference} ', 1)
    copy.write_text("".join(lines), encoding="utf-8")


def canary_in_a_log(scanned: Scanned, folder: Path) -> None:
    (surname,) = min(scanned.sent.by_kind["canary"])
    (folder / "build.log").write_text(f"02:11 Could not convert '{surname.upper()}' to INT32\n")


# A name and a street are canaries, too, whichever form they stand in.
PLANTED = [
    (nino_in_one_row_of_landing, "nino"),
    (birth_dates_as_a_column_of_landing, "birth date"),
    (uprn_in_one_row_of_a_database, "uprn"),
    (name_in_one_row_of_a_database, "name"),
    (address_in_a_page, "address"),
    (postcode_in_a_csv, "postcode"),
    (canary_in_a_log, "canary"),
    (reference_in_the_ledger, "reference"),
]


@pytest.mark.parametrize(("plant", "kind"), PLANTED, ids=[kind for _, kind in PLANTED])
def test_a_planted_leak_is_found_and_nothing_else(
    scanned: Scanned, tmp_path: Path, plant: Callable[[Scanned, Path], None], kind: str
) -> None:
    plant(scanned, tmp_path)
    found = scan(tmp_path, scanned.needles)
    also = {"canary"} if kind in ("name", "address") else set()
    assert {leak.kind for leak in found} == {kind} | also
    assert len({(leak.file, leak.place.split()[0]) for leak in found}) == 1


def test_a_file_that_cannot_be_decoded_is_not_passed_over(scanned: Scanned, tmp_path: Path) -> None:
    (tmp_path / "some.bin").write_bytes(b"\x80\xff\x00")
    with pytest.raises(UnicodeDecodeError):
        scan(tmp_path, scanned.needles)
