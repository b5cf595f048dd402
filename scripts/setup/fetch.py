"""Fetches one wheel as pip would, but so that what was cut off goes on from the bytes that are there.

usage: fetch.py FOLDER SHA256|- ARGUMENT...

ARGUMENT... is what "pip download" would be given: pip's own finder and session read them, so that the index,
find-links, proxy, certificates, credentials and timeouts hold as pip is set up. (pip has no option for this:
its dry run fetches the whole wheel, with 23.2 at least, and "pip download" begins anew.) Bytes go to
FOLDER/NAME.part, which is renamed to FOLDER/NAME once its SHA-256 is the given one, or with "-" the index's.

Says what it does as JSON, a line each on stdout:
  {"said": "kept", "name", "bytes"}         goes on from these bytes
  {"said": "afresh", "name", "reason"}      drops the bytes it had
  {"said": "progress", "done", "total"}     bytes; total is null where the server does not tell
  {"said": "done", "name", "sha256"}
  {"said": "wrong", "name", "expected", "found"}     all bytes came, but not the right ones; exit code 1
  {"said": "broken", "name", "done", "reason"}       the connection; FOLDER/NAME.part stays; exit code 1
  {"said": "unavailable", "reason"}         to be left to pip; exit code 1. No reason: a file of this
                                            machine, or none that pip finds
"""
import contextlib
import hashlib
import json
import os
import sys
import threading
import time

CHUNK = 1 << 20
# Attempts in a row that bring no byte.
PATIENCE = 3


class Unavailable(Exception):
    """This way does not lead to the file; pip itself may still get it."""


class Cut(Exception):
    """The connection failed or ended early."""


@contextlib.contextmanager
def connection():
    """What pip's vendored libraries raise differs by version; all of it is the connection's."""
    try:
        yield
    except Exception as error:
        raise Cut("%s: %s" % (type(error).__name__, error))


def say(said, **values):
    print(json.dumps(dict(values, said=said)), flush=True)


def end_with_parent():
    """A killed set-up must not leave this one writing beside the next."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def open_alone(path):
    """The file for appending, once no other process has it: one that is about to end may still write."""
    while True:
        part = open(path, "ab+")
        try:
            import fcntl

            fcntl.flock(part, fcntl.LOCK_EX)
        except (ImportError, OSError):
            return part  # a file system or platform without locks: the set-up's own lock has to do
        try:
            if os.path.samestat(os.fstat(part.fileno()), os.stat(path)):
                return part
        except FileNotFoundError:
            pass  # the other one finished or dropped it meanwhile
        part.close()


def with_pip(arguments, work):
    """Calls work(link, session) with the file that pip would choose."""
    from pip._internal.cli import cmdoptions
    from pip._internal.commands import create_command
    from pip._vendor.packaging.requirements import Requirement

    command = create_command("download")
    with command.main_context():
        options, names = command.parse_args(arguments)
        requirement = Requirement(names[0])
        session = command.get_default_session(options)
        finder = command._build_package_finder(options, session, cmdoptions.make_target_python(options))
        best = finder.find_best_candidate(requirement.name, requirement.specifier).best_candidate
        if best is None:
            raise Unavailable("")  # pip says why
        return work(best.link, session)


class Download:
    def __init__(self, session, url, name, part):
        self.session, self.url, self.name, self.part = session, url, name, part
        self.read_kept()

    def read_kept(self):
        self.digest = hashlib.sha256()
        self.part.seek(0)
        while True:
            data = self.part.read(CHUNK)
            if not data:
                break
            self.digest.update(data)
        self.done = self.part.tell()

    def begin_afresh(self, reason):
        say("afresh", name=self.name, reason=reason)
        self.part.truncate(0)
        self.read_kept()

    def request(self):
        """Asks for what is missing; an answer whose body begins at self.done, and the size of the whole file."""
        # Compressed, the bytes would be others than the file's.
        headers = {"Accept-Encoding": "identity"}
        if self.done > 0:
            headers["Range"] = "bytes=%d-" % self.done
        with connection():
            answer = self.session.get(self.url, headers=headers, stream=True)
        if self.done > 0:
            reach = answer.headers.get("Content-Range", "")
            if answer.status_code == 206 and reach.startswith("bytes %d-" % self.done):
                total = reach.rpartition("/")[2]
                return answer, int(total) if total.isdigit() else None
            if answer.status_code == 200:
                self.begin_afresh("the server sends whole files only")
            elif answer.status_code in (206, 416):
                answer.close()
                self.begin_afresh("the bytes kept are not of this file")
                return self.request()
        if answer.status_code != 200:
            answer.close()
            raise Cut("the server answers %d %s" % (answer.status_code, answer.reason))
        length = answer.headers.get("Content-Length", "")
        return answer, int(length) if length.isdigit() else None

    def receive(self):
        """One request, to the end of the file or to where it is cut off."""
        answer, total = self.request()
        with contextlib.closing(answer):
            while True:
                with connection():
                    data = answer.raw.read(CHUNK, decode_content=False)
                if not data:
                    break
                self.part.write(data)
                self.part.flush()
                self.digest.update(data)
                self.done += len(data)
                say("progress", done=self.done, total=total)
        if total is not None and self.done < total:
            raise Cut("the connection was cut off")

    def receive_all(self):
        fruitless = 0
        while True:
            before = self.done
            try:
                return self.receive()
            except Cut as cut:
                fruitless = 0 if self.done > before else fruitless + 1
                if fruitless == PATIENCE:
                    if self.done == 0:
                        raise Unavailable(str(cut))
                    say("broken", name=self.name, done=self.done, reason=str(cut))
                    sys.exit(1)
            time.sleep(fruitless)


def fetch(folder, pinned, link, session):
    if link.is_file:
        raise Unavailable("")  # nothing that could be cut off
    expected = pinned or (link.hash if link.hash_name == "sha256" else None)
    if not expected:
        raise Unavailable("the index gives no SHA-256 to check it by")
    name = link.filename
    path = os.path.join(folder, name)
    with open_alone(path + ".part") as part:
        download = Download(session, link.url_without_fragment, name, part)
        kept = download.done
        if kept > 0:
            say("kept", name=name, bytes=kept)
        # Killed between the last byte and the new name, nothing is left to ask for.
        if download.digest.hexdigest() != expected:
            download.receive_all()
        if download.digest.hexdigest() != expected and kept > 0:
            download.begin_afresh("the bytes kept were damaged")
            download.receive_all()
        found = download.digest.hexdigest()
        if found != expected:
            os.remove(path + ".part")
            say("wrong", name=name, expected=expected, found=found)
            sys.exit(1)
        os.fsync(part.fileno())
        os.replace(path + ".part", path)
    say("done", name=name, sha256=found)


def main():
    end_with_parent()
    folder, pinned = sys.argv[1:3]
    try:
        with_pip(sys.argv[3:], lambda link, session: fetch(folder, "" if pinned == "-" else pinned, link, session))
    except Unavailable as error:
        say("unavailable", reason=str(error))
        sys.exit(1)


main()
