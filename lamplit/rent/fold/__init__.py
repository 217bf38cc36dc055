"""How facts about rent change rows."""
