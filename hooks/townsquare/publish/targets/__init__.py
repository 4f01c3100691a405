"""The hosts that a site can be published to, each by the words that name it."""

from __future__ import annotations

from pathlib import Path

from townsquare.problems import SetupError
from townsquare.publish.target import Target

FORMS = (
    "FOLDER",
    "ssh://HOST/FOLDER",
    "s3://BUCKET/PREFIX",
    "git:REMOTE#BRANCH",
    "pages:FOLDER",
    "netlify:FOLDER",
    "cloudflare:FOLDER",
)


def named(words: str, root: Path, *, live: str | None) -> Target:
    """The target of these words; `live` is where readers get the site, if it cannot tell itself.

    Only what the target needs is imported.
    """
    scheme, colon, rest = words.partition(":")
    if words.startswith("ssh://"):
        from townsquare.publish.targets.ssh import Ssh

        return Ssh.named(words)
    if words.startswith("s3://"):
        from townsquare.publish.targets.storage import Storage

        return Storage.named(words)
    if scheme == "git":
        from townsquare.publish.targets.branch import Branch

        return Branch.named(words, root)
    if scheme in ("pages", "netlify", "cloudflare") and rest:
        from townsquare.publish.targets.artifact import Artifact

        return Artifact(scheme, Path(rest).absolute(), live)
    if not colon or len(scheme) == 1:  # a Windows drive
        from townsquare.publish.targets.folder import Folder

        return Folder(Path(words).absolute())
    raise SetupError(f"`{words}` names no target: write one of {', '.join(FORMS)}")
