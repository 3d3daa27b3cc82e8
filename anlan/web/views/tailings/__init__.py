"""尾矿库: the list, one pond on one screen, floods through it, its drains' tests, the closing list."""
