"""What senders send: found in the inbox, hashed, read, and laid untouched into ``raw.*``."""
