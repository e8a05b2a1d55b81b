"""Take an import back: what it changed is kept, and restored through the services that wrote it."""
