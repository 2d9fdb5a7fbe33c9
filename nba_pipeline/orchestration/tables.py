"""Writes checked tables season by season, and says in metadata what was written.

A frame that breaks its schema is not written: the table's old file stays, the blocking check `schema` fails and names the rows.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import dagster as dg
import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.orchestration.metadata import table_metadata
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.warehouse.store import Written

SCHEMA_CHECK = "schema"
ALL = "all"
TableEvents = Iterator[dg.MaterializeResult | dg.AssetCheckResult]


def schema_spec(table: str) -> dg.AssetCheckSpec:
    """The blocking check that a table keeps its schema."""
    return dg.AssetCheckSpec(SCHEMA_CHECK, asset=table, blocking=True, description="Types, bounds, keys and rules of warehouse/schemas.py")


@dataclass
class TableWriter:
    """Collects what a step writes, and turns it into Dagster events.

    Args:
        store: where tables go.
        checked: validate against `warehouse.schemas`; feature tables have none there.
    """

    store: StoreResource
    checked: bool = True
    _written: dict[str, dict[Season, Written]] = field(default_factory=dict)
    _broken: dict[str, list[str]] = field(default_factory=dict)
    _notes: dict[str, dict[Season, str]] = field(default_factory=dict)

    def put(self, table: str, frame: pl.DataFrame, season: Season | None = None, note: str = "") -> None:
        """Writes a season of a table, unless its schema is broken.

        Args:
            table: name of the table.
            frame: its rows.
            season: which season; None for a table without seasons.
            note: what people should know about this season.
        """
        written, broken = self._written.setdefault(table, {}), _violations(table, frame) if self.checked else []
        if broken:
            self._broken.setdefault(table, []).extend(f"{season or ALL}: {line}" for line in broken)
            return
        written[season or ALL] = self.store.warehouse.write(table, frame, season)
        self._notes.setdefault(table, {})[season or ALL] = note

    def events(self, metadata: Mapping[str, dg.MetadataValue] | None = None) -> TableEvents:
        """One materialisation per intact table; a failed check, then `dg.Failure`, for each broken one."""
        for table in self._written:
            if table in self._broken:
                yield self._verdict(table)
            else:
                yield self._materialization(table, metadata or {})
        for table, lines in self._broken.items():
            reason = f"{table} breaks its schema, and its old files were left as they are"
            raise dg.Failure("\n".join([reason, *lines]), allow_retries=False)

    def _verdict(self, table: str) -> dg.AssetCheckResult:
        lines = self._broken.get(table, [])
        return dg.AssetCheckResult(
            asset_key=table,
            check_name=SCHEMA_CHECK,
            passed=not lines,
            severity=dg.AssetCheckSeverity.ERROR,
            description="; ".join(lines) or None,
            metadata={"violations": len(lines), "rows": dg.MetadataValue.md("\n".join(f"- {line}" for line in lines) or "none")},
        )

    def _materialization(self, table: str, metadata: Mapping[str, dg.MetadataValue]) -> dg.MaterializeResult:
        seasons = self._written[table]
        return dg.MaterializeResult(
            asset_key=table,
            data_version=dg.DataVersion(combined_hash(seasons.values())),
            metadata={
                "rows": sum(one.rows for one in seasons.values()),
                **metadata,
                "source": self.store.source,
                "seasons": self._per_season(table),
            },
            check_results=[self._verdict(table)] if self.checked else [],
        )

    def _per_season(self, table: str) -> dg.TableMetadataValue:
        notes = self._notes[table]
        return table_metadata(
            [
                {"season": season, "rows": one.rows, "sha256": one.sha256[:12], "note": notes[season], "path": str(one.path)}
                for season, one in self._written[table].items()
            ]
        )


def _violations(table: str, frame: pl.DataFrame) -> list[str]:
    from nba_pipeline.warehouse.schemas import violations  # pandera takes half a second to import, and features need none

    return violations(table, frame)


def combined_hash(parts: Iterable[Written]) -> str:
    """One hash for several files; a single file keeps its own."""
    hashes = [part.sha256 for part in parts]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
