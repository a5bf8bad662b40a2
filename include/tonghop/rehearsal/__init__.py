"""The night, rehearsed on a sender's files before they are sent: same readers, same rules, nothing published."""
