"""What a search for duplicates learned of a workspace's data, kept for the next one: `.crmsync/duplicates/`."""

from __future__ import annotations

from pathlib import Path

from crmsync.commands.workspace import Workspace
from crmsync.core.saved_duplicates import SavedModel, read_model, write_model
from crmsync.errors import CrmsyncError


def kept_model(workspace: Workspace, entity: str) -> tuple[SavedModel | None, str]:
    """The model of an entity, None if none was kept; and `file` if there is one that nobody can read."""
    file = _file(workspace, entity)
    try:
        return read_model(file.read_text(encoding="utf-8")), ""
    except FileNotFoundError:
        return None, ""
    except (OSError, UnicodeDecodeError, CrmsyncError):
        return None, file.name


def keep_model(workspace: Workspace, entity: str, model: SavedModel) -> None:
    """Keeps a model, for its owner alone."""
    file = _file(workspace, entity)
    file.parent.mkdir(mode=0o700, exist_ok=True, parents=True)
    whole = file.with_suffix(".new")
    whole.write_text(write_model(model), encoding="utf-8")
    whole.chmod(0o600)
    whole.replace(file)


def kept_tables(workspace: Workspace, entity: str) -> Path:
    """Where the tables of the last search are kept; its folder is there, for its owner alone."""
    folder = workspace.state / "duplicates"
    folder.mkdir(mode=0o700, exist_ok=True, parents=True)
    return folder / f"{entity}.db"


def _file(workspace: Workspace, entity: str) -> Path:
    return workspace.state / "duplicates" / f"{entity}.json"
