"""What a long-lived process keeps in memory."""

import gc


def settle() -> None:
    """What was loaded stays for good: the collector of garbage need not look through it again and again, which stops
    the process for a tenth of a second each time. Called again, what was meant to stay and has gone since goes too."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
