"""Judgement: the gates run, findings recorded in full, causes proposed, waivers kept."""
