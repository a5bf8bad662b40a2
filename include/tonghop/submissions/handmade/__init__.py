"""Tables that people made by hand: found, understood through confirmed headings, and never guessed."""
