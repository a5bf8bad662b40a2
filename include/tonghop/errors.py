"""The one error that users see: what happened, where, and what to do next."""


class TonghopError(Exception):
    """Bad use or bad input. The command line prints it as one line and exits with 2.

    Args:
        what: what happened and where (file, sheet, cell), in the user's words.
        remedy: what to do next.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what} {remedy}".strip())


class NightBusy(TonghopError):
    """Another night holds the lease.

    Attributes:
        seems_dead: its process is gone, but a later step of it may still begin: worth waiting a little.
    """

    def __init__(self, what: str, remedy: str, *, seems_dead: bool) -> None:
        super().__init__(what, remedy)
        self.seems_dead = seems_dead


class NightHeld(TonghopError):
    """A gate held the night: nothing was published. The command line exits with 1."""


class NightAwaiting(NightHeld):
    """The night waits for a signature: nothing was published yet."""


class SignatureVoid(NightHeld):
    """What was signed is not what would be published."""


class NightSuperseded(TonghopError):
    """Another night took over the lease; this one must not touch anything any more."""
