"""Coverage-guided fuzzing of one reader: ``python -m tests.fuzz.atheris_targets NAME SECONDS`` (see ``make fuzz``).

The corpus of a reader grows in ``.tonghop/fuzz/NAME``; what crashed it is kept there as ``crash-…``, and the run fails.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tonghop"]):
    from tests.fuzz.mutations import damaged
    from tests.fuzz.targets import TARGETS, survives

CORPUS = Path(__file__).resolve().parents[2] / ".tonghop" / "fuzz"
_LIMITS = ("-timeout=120", "-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1", "-verbosity=1")


def main(name: str, seconds: str) -> None:
    """Fuzz one reader for so many seconds, starting from its valid files and what earlier runs found."""
    target = TARGETS[name]
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for at, content in enumerate(target.seeds()):
        (folder / f"seed-{at}").write_bytes(content)

    def mutate(content: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        changed = damaged(chance, [content]) if chance.random() < 0.5 else atheris.Mutate(content, len(content))
        return changed[:most]

    arguments = [sys.argv[0], *_LIMITS, f"-max_total_time={seconds}", f"-artifact_prefix={folder}/", str(folder)]
    atheris.Setup(arguments, lambda content: survives(target, content), custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
