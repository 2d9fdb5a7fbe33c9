"""Copying a model file to where others can load it, and pointing the registry there."""

from nba_pipeline.experiments.audit import record, record_hand_made
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, now
from nba_pipeline.experiments.loaders import ModelShelf
from nba_pipeline.experiments.model_files import has_model_file, read_model_file, write_model_file
from nba_pipeline.experiments.model_row import model_row
from nba_pipeline.models.artifacts import ArtifactError, sha256_bytes


def publish(database: ExperimentsDatabase, shelf: ModelShelf, model_id: str, folder: str) -> str:
    """Uploads a model's file under the model's id, reads it back, and only then changes its path in the registry.

    Args:
        database: the registry.
        shelf: loads the model from its old place first.
        model_id: which.
        folder: `s3://bucket/prefix`, `gs://…`, or a folder.

    Returns:
        The new path.

    Raises:
        UnknownModelError: no such model.
        ModelRefusedError: the file is not what the registry says.
        ArtifactError: another file has its name there, it cannot be uploaded, or it came back with another hash; the registry is as it
            was.
    """
    with database.reading() as connection:
        row = model_row(connection, model_id)
    shelf.load(row)
    content = read_model_file(row.model_path, shelf.root, row.sha256)
    address = f"{folder.rstrip('/')}/{model_id}.{row.model_format}"
    if not has_model_file(address, shelf.root):
        write_model_file(address, content, shelf.root)
    elif sha256_bytes(read_model_file(address, shelf.root)) != row.sha256:
        raise ArtifactError(f"{address} is another file: publish {model_id} to another folder, or move that file away")
    read_model_file(address, shelf.root, row.sha256)
    with database.writing() as connection:
        record_hand_made(connection)
        connection.execute(
            f"UPDATE {SCHEMA}.ml_model_registry SET model_path = ?, updated_at = ? WHERE model_id = ?", [address, now(), model_id]
        )
        record(connection, "publish")
    return address
