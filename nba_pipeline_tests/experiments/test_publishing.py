"""Model files in an object store: a real S3 server on this machine."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nba_pipeline.experiments import publishing
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase
from nba_pipeline.experiments.loaders import ModelShelf
from nba_pipeline.experiments.model_files import read_model_file, write_model_file
from nba_pipeline.experiments.model_row import ModelRow, UnknownModelError, model_rows
from nba_pipeline.experiments.points_model import ModelRefusedError
from nba_pipeline.experiments.publishing import publish
from nba_pipeline.experiments.runner import FAILED, RAN, run_dates
from nba_pipeline.models.artifacts import ArtifactError
from nba_pipeline.warehouse.store import Warehouse


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    started = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    yield "http://{}:{}".format(*started.get_host_and_port())
    started.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """An empty bucket, and an environment that leads to it."""
    import fsspec

    for name, value in {"AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    name = request.node.name.replace("_", "-")[:40].strip("-")
    fsspec.filesystem("s3", skip_instance_cache=True).mkdir(name)
    return f"s3://{name}"


def row_of(warehouse: Warehouse, model_type: str = "lightgbm") -> ModelRow:
    with ExperimentsDatabase.of(warehouse).reading() as connection:
        return next(row for row in model_rows(connection) if row.model_type == model_type)


def test_published_loaded_from_there_and_the_same(warehouse: Warehouse, bucket: str):
    database, before = ExperimentsDatabase.of(warehouse), row_of(warehouse)
    address = publish(database, ModelShelf(warehouse.root), before.model_id, f"{bucket}/points/")
    assert address == f"{bucket}/points/{before.model_id}.txt" and row_of(warehouse).model_path == address
    (warehouse.root / before.model_path).unlink()
    last = warehouse.read("games", ["2021-22"])["game_date"].max()
    outcomes = {one.model_id: one.status for one in run_dates(warehouse, [last]).models}  # pyright: ignore[reportArgumentType]
    assert outcomes[before.model_id] == RAN
    with database.reading() as connection:
        changes = connection.execute(f"SELECT new_value FROM {SCHEMA}.ml_model_audit WHERE action = 'publish'").fetchall()
    assert changes == [(address,)]


def test_a_file_that_was_replaced_in_the_store_is_not_loaded(warehouse: Warehouse, bucket: str):
    database, row = ExperimentsDatabase.of(warehouse), row_of(warehouse)
    address = publish(database, ModelShelf(warehouse.root), row.model_id, bucket)
    write_model_file(address, b"tree\nanother", warehouse.root)
    last = warehouse.read("games", ["2021-22"])["game_date"].max()
    report = run_dates(warehouse, [last])  # pyright: ignore[reportArgumentType]
    assert [(one.model_id, one.status) for one in report.failed] == [(row.model_id, FAILED)]
    assert "sha256 expected" in report.failed[0].reason and address in report.failed[0].reason


def test_an_upload_that_comes_back_otherwise_changes_nothing(warehouse: Warehouse, bucket: str, monkeypatch: pytest.MonkeyPatch):
    row = row_of(warehouse)
    monkeypatch.setattr(publishing, "write_model_file", lambda address, content, root: write_model_file(address, content[:-1], root))
    with pytest.raises(ArtifactError, match="sha256 expected"):
        publish(ExperimentsDatabase.of(warehouse), ModelShelf(warehouse.root), row.model_id, bucket)
    assert row_of(warehouse) == row


def test_a_bucket_that_is_not_there_is_named(warehouse: Warehouse, bucket: str):
    row = row_of(warehouse)
    with pytest.raises(ArtifactError, match=r"s3://no-such-bucket.*check the address"):
        publish(ExperimentsDatabase.of(warehouse), ModelShelf(warehouse.root), row.model_id, "s3://no-such-bucket/points")
    with pytest.raises(UnknownModelError):
        publish(ExperimentsDatabase.of(warehouse), ModelShelf(warehouse.root), "nobody", bucket)
    assert row_of(warehouse) == row


def test_a_damaged_file_is_not_spread(warehouse: Warehouse, tmp_path: Path):
    row = row_of(warehouse)
    (warehouse.root / row.model_path).write_bytes(b"tree\n")
    with pytest.raises(ModelRefusedError, match="sha256 expected"):
        publish(ExperimentsDatabase.of(warehouse), ModelShelf(warehouse.root), row.model_id, str(tmp_path / "shelf"))
    assert not (tmp_path / "shelf").exists()


def test_a_folder_will_do(warehouse: Warehouse, tmp_path: Path):
    row = row_of(warehouse)
    address = publish(ExperimentsDatabase.of(warehouse), ModelShelf(warehouse.root), row.model_id, str(tmp_path / "shelf"))
    assert read_model_file(address, Path("/"), row.sha256).startswith(b"tree\n")


def test_no_two_models_share_a_file(warehouse: Warehouse, bucket: str, tmp_path: Path):
    """Two files of one name in different folders, published to one place."""
    database, shelf = ExperimentsDatabase.of(warehouse), ModelShelf(warehouse.root)
    for model_type in ("lightgbm", "catboost"):
        row = row_of(warehouse, model_type)
        path = f"models/{model_type}/model.bin"
        write_model_file(path, read_model_file(row.model_path, warehouse.root), warehouse.root)
        with database.writing() as connection:
            connection.execute(f"UPDATE {SCHEMA}.ml_model_registry SET model_path = ? WHERE model_id = ?", [path, row.model_id])
    for place in (str(tmp_path / "shelf"), bucket):
        rows = [row_of(warehouse, model_type) for model_type in ("lightgbm", "catboost")]
        published = [publish(database, shelf, row.model_id, place) for row in rows]
        assert published == [f"{place}/{row.model_id}.{row.model_format}" for row in rows]
        for address, row in zip(published, rows, strict=True):
            read_model_file(address, warehouse.root, row.sha256)
            assert publish(database, shelf, row.model_id, place) == address, "the same file once more"


def test_another_file_in_its_place_is_left_alone(warehouse: Warehouse, bucket: str, tmp_path: Path):
    row = row_of(warehouse)
    for place in (str(tmp_path / "shelf"), bucket):
        address = f"{place}/{row.model_id}.txt"
        write_model_file(address, b"of somebody else", warehouse.root)
        with pytest.raises(ArtifactError, match="is another file"):
            publish(ExperimentsDatabase.of(warehouse), ModelShelf(warehouse.root), row.model_id, place)
        assert read_model_file(address, warehouse.root) == b"of somebody else" and row_of(warehouse) == row


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(ArtifactError, match=r"pip install 'nba_pipeline\[gcs\]'"):
        read_model_file("gs://bucket/model.txt", tmp_path)
