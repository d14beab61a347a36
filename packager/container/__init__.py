"""Walk media containers; know where a seal may sit in each."""
