"""What analysts take away: files of published figures that can be cited."""
