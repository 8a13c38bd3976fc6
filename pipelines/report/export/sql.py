"""Questions in SQL to the tables of a run."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final

from pipelines.errors import MissingExtra, SettingsError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow.dataset as ds

_MOMENT: Final = 0.05  # seconds


def query_tables(tables: Mapping[str, pd.DataFrame | ds.Dataset], sql: str) -> pd.DataFrame:
    """Answer a query by DuckDB, in which every table of the run is a view of its name.

    The query sees nothing else: it can read and write no file and load no extension.

    Args:
        tables: Name to frame, or to a data set on disk, of which is read what the query needs.
        sql: One statement, for example `select theme, units_with from recurrence`.

    Raises:
        MissingExtra: DuckDB is not installed.
        SettingsError: The query is wrong; the message is DuckDB's.
    """
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtra("findings sql", "sql") from error
    import pyarrow as pa
    import pyarrow.dataset as ds

    with duckdb.connect(config={"enable_external_access": "false"}) as connection:
        for name, data in tables.items():
            held = isinstance(data, ds.Dataset)
            connection.register(
                name, data if held else pa.Table.from_pandas(data, preserve_index=False)
            )
        connection.execute("SET lock_configuration = true")
        try:
            found = _answered(connection, sql)
        except duckdb.PermissionException as error:
            raise SettingsError(
                "a query sees the tables of the run and no file; to join a file of yours, take "
                "pipelines.open_run(DIR) into pandas, or findings export DIR --to FILE.sqlite"
            ) from error
        except duckdb.Error as error:
            raise SettingsError(
                f"{str(error).strip()}; the tables are {', '.join(sorted(tables))}"
            ) from error
    return found


def _answered(connection: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    """Wait for an answer in a way that a signal ends: the engine itself would not look up."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        asked: Future[pd.DataFrame] = thread.submit(_ask, connection, sql)
        try:
            return asked.result()
        except BaseException:
            while not asked.done():
                connection.interrupt()
                wait([asked], timeout=_MOMENT)
            raise


def _ask(connection: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    answer = connection.sql(sql)
    if answer is None:
        raise SettingsError("the statement gives no rows; ask with select")
    found: pd.DataFrame = answer.df()
    return found
