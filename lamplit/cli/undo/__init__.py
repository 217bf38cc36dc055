"""`lamplit incident undo`: what a stolen account wrote, what rests on it, and its answer in the record after two people agree."""

ANSWER = "undo:"  # and the id of an entry: the command that answers it
